//! The graph as a picture.
use super::Report;
impl Report<'_> {
    /// x
    pub fn svg(&self) -> String { String::new() }
}
