//! The graph as a picture.
use super::Report;
impl Report<'_> {
    /// x
    pub fn html(&self) -> String { String::new() }
}
