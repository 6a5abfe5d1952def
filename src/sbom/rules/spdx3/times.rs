//! Times of SPDX 3: nothing ends before it begins.

use super::Scene;
use super::graph::Graph;
use crate::sbom::rules::times::{ORDER, instant};

pub(super) fn check<'a>(scene: &mut Scene<'a>, graph: &Graph<'a>) {
    for object in &graph.objects {
        for (earlier, later) in PAIRS {
            let (Some(first), Some(second)) = (object.value.get(earlier), object.value.get(later)) else {
                continue;
            };
            if let (Some(begin), Some(end)) = (instant(first), instant(second))
                && end < begin
            {
                scene.fail(&ORDER, second, || format!("`{later}` is before `{earlier}`"));
            }
        }
    }
}

/// Which time comes before which, wherever both stand.
const PAIRS: [(&str, &str); 6] = [
    ("startTime", "endTime"),
    ("build_buildStartTime", "build_buildEndTime"),
    ("security_publishedTime", "security_modifiedTime"),
    ("security_publishedTime", "security_withdrawnTime"),
    ("builtTime", "releaseTime"),
    ("releaseTime", "validUntilTime"),
];
