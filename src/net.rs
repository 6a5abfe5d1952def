//! The one HTTP client. Holding a [`Net`] is the permission to go online: who was not given one cannot.

use std::io::Read as _;
use std::time::Duration;

/// A client with limits on time, redirects and size. Plain `http` is for loopback addresses alone.
#[derive(Debug)]
pub struct Net {
    client: reqwest::blocking::Client,
}

impl Net {
    /// A client that gives up after [`TIMEOUT`] and follows at most [`REDIRECTS`] redirects.
    pub fn online() -> Result<Self, Error> {
        let client = reqwest::blocking::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::custom(|attempt| {
                if attempt.previous().len() > REDIRECTS {
                    attempt.error("too many redirects")
                } else if is_allowed(attempt.url()) {
                    attempt.follow()
                } else {
                    attempt.error("a redirect away from https")
                }
            }))
            .user_agent(concat!("sbom-attest/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(Error::Client)?;
        Ok(Self { client })
    }

    /// The body behind a URL, of at most `limit` bytes.
    pub fn get(&self, url: &str, limit: u64) -> Result<Vec<u8>, Error> {
        let parsed = reqwest::Url::parse(url).map_err(|_| Error::Url(url.to_owned()))?;
        if !is_allowed(&parsed) {
            return Err(Error::Plain(url.to_owned()));
        }
        let failed = |source| Error::Get { url: url.to_owned(), source };
        let response = self.client.get(parsed).send().map_err(failed)?;
        if !response.status().is_success() {
            return Err(Error::Status { url: url.to_owned(), status: response.status().as_u16() });
        }
        let mut body = Vec::new();
        response
            .take(limit + 1)
            .read_to_end(&mut body)
            .map_err(|source| Error::Body { url: url.to_owned(), source })?;
        if body.len() as u64 > limit {
            return Err(Error::TooLarge { url: url.to_owned(), limit });
        }
        Ok(body)
    }
}

/// Whether a text given as a file name is a URL that has to be fetched.
pub fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn is_allowed(url: &reqwest::Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
        _ => false,
    }
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The client itself could not be made.
    #[error("cannot start the HTTP client")]
    Client(#[source] reqwest::Error),
    /// Not a URL.
    #[error("`{0}` is not a URL")]
    Url(String),
    /// A URL that would travel in the clear.
    #[error("`{0}` is not https")]
    Plain(String),
    /// No answer, or not in time.
    #[error("no answer from `{url}`")]
    Get {
        /// What was asked for.
        url: String,
        /// What went wrong.
        source: reqwest::Error,
    },
    /// The server said no.
    #[error("`{url}` answered with status {status}")]
    Status {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The answer broke off.
    #[error("the answer of `{url}` broke off")]
    Body {
        /// What was asked for.
        url: String,
        /// What went wrong.
        source: std::io::Error,
    },
    /// More bytes than the caller is ready to hold.
    #[error("`{url}` is larger than {limit} bytes")]
    TooLarge {
        /// What was asked for.
        url: String,
        /// The most that is read, in bytes.
        limit: u64,
    },
}

impl Error {
    /// One thing the reader can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Plain(_) => Some("use an https URL; plain http is for this machine's own addresses"),
            Self::Get { .. } | Self::Body { .. } => {
                Some("check the connection, or fetch the file and name it instead")
            }
            Self::Status { .. } => Some("check the URL"),
            _ => None,
        }
    }
}

/// How long one request may take, from connecting to the last byte.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// How many redirects are followed.
pub const REDIRECTS: usize = 5;

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;

    /// A server for one request, which answers with the bytes given.
    fn serve(answer: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/x", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            assert!(stream.read(&mut request).unwrap() > 0);
            stream.write_all(&answer).unwrap();
        });
        url
    }

    #[test]
    fn nothing_travels_in_the_clear_beyond_this_machine() {
        let net = Net::online().unwrap();
        assert!(matches!(net.get("http://example.org/x", 10), Err(Error::Plain(_))));
        assert!(matches!(net.get("ftp://localhost/x", 10), Err(Error::Plain(_))));
        assert!(matches!(net.get("x y", 10), Err(Error::Url(_))));
    }

    #[test]
    fn a_body_over_the_limit_is_refused_and_one_at_the_limit_is_read() {
        let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 4\r\n\r\nbody";
        let net = Net::online().unwrap();
        assert_eq!(net.get(&serve(answer.to_vec()), 4).unwrap(), b"body");
        assert!(matches!(net.get(&serve(answer.to_vec()), 3), Err(Error::TooLarge { limit: 3, .. })));
    }

    #[test]
    fn a_refusal_and_a_redirect_off_this_machine_are_told() {
        let net = Net::online().unwrap();
        let missing = b"HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        assert!(matches!(net.get(&serve(missing.to_vec()), 4), Err(Error::Status { status: 404, .. })));
        let away = b"HTTP/1.1 302 Found\r\nlocation: http://example.org/\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        assert!(matches!(net.get(&serve(away.to_vec()), 4), Err(Error::Get { .. })));
    }

    #[test]
    fn an_answer_that_breaks_off_is_no_answer() {
        let short = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\nbody";
        assert!(matches!(Net::online().unwrap().get(&serve(short.to_vec()), 99), Err(Error::Body { .. })));
    }
}
