//! `completions` and `man`: made from the same definition as the help.

use std::path::PathBuf;

use clap_complete::Shell;

use super::context::Context;
use super::failure::{Failure, OrFail as _};
use super::{Exit, definition};
use crate::files::{self, Access};

/// Write a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: completions for bash
  sbom-attest completions bash")]
pub(crate) struct Args {
    /// The shell that will read it
    shell: Shell,
}

/// Write the manual pages into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: one page for each command
  sbom-attest man --out man1")]
pub(crate) struct ManArgs {
    /// The folder, made when it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut definition(), "sbom-attest", &mut script);
    Context::put(&script, None)?;
    Ok(Exit::Yes)
}

pub(crate) fn run_man(args: &ManArgs, context: &Context) -> Result<Exit, Failure> {
    let mut command = definition().disable_help_subcommand(true);
    command.build();
    let mut pages = vec![(String::from("sbom-attest"), command)];
    while let Some((name, command)) = pages.pop() {
        pages
            .extend(command.get_subcommands().map(|sub| (format!("{name}-{}", sub.get_name()), sub.clone())));
        let mut page = Vec::new();
        clap_mangen::Man::new(command)
            .title(name.to_uppercase())
            .render(&mut page)
            .map_err(|error| Failure::new("make the manual page", error.to_string()))?;
        let path = args.out.join(format!("{name}.1"));
        files::write(&path, &page, Access::Shared).or_fail("write a manual page")?;
        context.note(&format!("wrote {}", path.display()));
    }
    Ok(Exit::Yes)
}
