//! The command line: read, ask the library one question, show, exit.

mod attest;
mod audit;
mod canonicalize;
mod completions;
mod context;
mod convert;
mod diff;
mod edit;
mod enveloped;
mod failure;
mod generate;
mod graph;
mod inspect;
mod key;
mod limits;
mod log;
mod merge;
mod selection;
mod sign;
mod subject;
mod trust;
mod validate;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::CommandFactory as _;
use jiff::Timestamp;

use self::context::{Color, Context};
use self::failure::Failure;

/// Which of the two programs is running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// `sbom-attest COMMAND …`
    Standalone,
    /// `cargo sbom-attest COMMAND …`, which cargo calls with the subcommand's name as first argument.
    CargoSubcommand,
}

/// Make and check software bills of materials by evidence
///
/// A release engineer runs `attest`: it makes an exact SBOM of what is shipped, shows which components nobody can
/// verify, signs the SBOM together with the digests of the artifacts, and enters the signature into a
/// transparency log. A buyer runs `verify`, offline: every claim that can be recomputed is recomputed, and what
/// was not checked is said.
///
/// Every step is a command of its own too: `generate`, `graph`, `audit`, `key`, `sign`, `log`, `verify`.
///
/// Exit status: 0 yes (accepted, clean), 1 no (refused, findings), 2 no telling (usage, I/O, unreadable input).
#[derive(Debug, clap::Parser)]
#[command(
    name = "sbom-attest",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_help = "Example: make, sign, log and check everything for the Cargo project in this folder
  sbom-attest attest")]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Flags of every command.
#[derive(Debug, clap::Args)]
struct Global {
    /// The clock of this run (RFC 3339); else `SOURCE_DATE_EPOCH`, else now
    #[arg(long, global = true, value_name = "TIME", help_heading = "Everywhere")]
    at: Option<Timestamp>,
    /// When to use colour: auto (on a terminal, unless `NO_COLOR` is set), always or never
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = "Everywhere"
    )]
    color: Color,
    /// Say nothing on standard error but errors
    #[arg(short, long, global = true, help_heading = "Everywhere")]
    quiet: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Attest(attest::Args),
    Generate(generate::Args),
    Graph(graph::Args),
    Audit(audit::Args),
    Validate(validate::Args),
    Convert(convert::Args),
    Canonicalize(canonicalize::Args),
    Diff(diff::Args),
    Merge(merge::Args),
    Edit(edit::Args),
    Key(key::Args),
    Sign(sign::Args),
    Verify(verify::Args),
    Enveloped(enveloped::Args),
    Inspect(inspect::Args),
    Log(log::Args),
    Trust(trust::Args),
    Completions(completions::Args),
    Man(completions::ManArgs),
}

/// The answer of a command that could tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Accepted, valid, clean.
    Yes,
    /// Refused, invalid, different, or findings that count.
    No,
}

impl Exit {
    fn when(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// How a report is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs: one object whose first field names the report and its version
    Json,
}

/// Runs the program with the arguments of this process.
pub fn main(program: Program) -> ExitCode {
    let interrupted = ctrlc::set_handler(|| {
        crate::files::abandon();
        Context::complain(Color::Auto, &Failure::new("finish", "the program was interrupted"));
        // An interrupted program stops wherever it is; the contract's status is 2.
        std::process::exit(i32::from(NO_TELLING));
    });
    if let Err(error) = interrupted {
        Context::complain(Color::Auto, &Failure::new("watch for interrupts", error.to_string()));
        return ExitCode::from(NO_TELLING);
    }
    // A panic is a defect of ours; it still ends in the contract's status, with a word on what to do.
    std::panic::catch_unwind(|| run(program)).unwrap_or_else(|_| {
        let failure = Failure::new("go on", "the program met a state that it does not expect")
            .help("please report this with the command line and the lines above");
        Context::complain(Color::Auto, &failure);
        ExitCode::from(NO_TELLING)
    })
}

fn run(program: Program) -> ExitCode {
    let cli = match parse(program, std::env::args_os().collect()) {
        Ok(cli) => cli,
        Err(error) => {
            // Help that meets a closed pipe is no failure; there is nobody left to tell.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { NO_TELLING } else { 0 });
        }
    };
    let color = cli.global.color;
    let answer = Context::new(cli.global.at, color, cli.global.quiet).and_then(|context| {
        let answer = cli.command.run(&context);
        context.progress_done();
        answer
    });
    match answer {
        Ok(Exit::Yes) => ExitCode::SUCCESS,
        Ok(Exit::No) => ExitCode::from(ANSWER_NO),
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            Context::complain(color, &failure);
            ExitCode::from(NO_TELLING)
        }
    }
}

fn parse(program: Program, mut arguments: Vec<OsString>) -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    if program == Program::CargoSubcommand {
        if arguments.get(1).is_some_and(|first| first == "sbom-attest") {
            arguments.remove(1);
        }
        command = command.bin_name("cargo sbom-attest");
    }
    let matches = command.try_get_matches_from(arguments)?;
    <Cli as clap::FromArgMatches>::from_arg_matches(&matches)
}

impl Command {
    fn run(&self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::Attest(args) => attest::run(args, context),
            Self::Generate(args) => generate::run(args, context),
            Self::Graph(args) => graph::run(args, context),
            Self::Audit(args) => audit::run(args, context),
            Self::Validate(args) => validate::run(args, context),
            Self::Convert(args) => convert::run(args, context),
            Self::Canonicalize(args) => canonicalize::run(args, context),
            Self::Diff(args) => diff::run(args, context),
            Self::Merge(args) => merge::run(args, context),
            Self::Edit(args) => edit::run(args, context),
            Self::Key(args) => key::run(args, context),
            Self::Sign(args) => sign::run(args, context),
            Self::Verify(args) => verify::run(args, context),
            Self::Enveloped(args) => enveloped::run(args, context),
            Self::Inspect(args) => inspect::run(args, context),
            Self::Log(args) => log::run(args, context),
            Self::Trust(args) => trust::run(args, context),
            Self::Completions(args) => completions::run(args),
            Self::Man(args) => completions::run_man(args, context),
        }
    }
}

/// The command line's definition, for completions, man pages and tests.
fn definition() -> clap::Command {
    Cli::command()
}

const ANSWER_NO: u8 = 1;
const NO_TELLING: u8 = 2;
