//! `diff`: the forms of the report, and the exit statuses.

use crate::sandbox::Sandbox;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::empty();
    let sbom = |version: &str, spec: &str| {
        format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"{spec}","components":[{{"name":"bell","version":"{version}","purl":"pkg:cargo/bell@{version}"}},{{"name":"n|`\u001b","version":"{version}","scope":"required"}}]}}"#
        )
    };
    sandbox.write("a.json", sbom("1.0.0", "1.4"));
    sandbox.write("b.json", sbom("1.1.0", "1.6").replace("required", "optional"));
    sandbox.write("c.json", sbom("1.0.0", "1.7").replace(',', " ,\n"));
    sandbox
}

#[test]
fn the_same_in_another_layout_and_version_is_no_difference() {
    let sandbox = sandbox();
    let answer = sandbox.expect(0, &["diff", "a.json", "c.json", "--format", "json"]);
    assert_eq!(answer.json()["same"], true);
    sandbox.expect(2, &["diff", "a.json", "none.json"]);
    sandbox.expect(2, &["diff", "-", "-"]);
}

#[test]
fn each_form_tells_the_upgrade() {
    let sandbox = sandbox();
    let json = sandbox.expect(1, &["diff", "a.json", "b.json", "--format", "json"]).json();
    assert_eq!(
        json["upgraded"][1],
        serde_json::json!({"component": "pkg:cargo/bell", "from": "1.0.0", "to": "1.1.0"})
    );
    assert_eq!(json["changed"][0]["pointer"], "/scope");
    assert_eq!(json["changed"][0]["to"], "optional");
    let text = sandbox.expect(1, &["diff", "a.json", "b.json"]).stdout;
    assert!(text.contains("pkg:cargo/bell  1.0.0 -> 1.1.0\n"), "{text}");
    sandbox.expect(1, &["diff", "a.json", "b.json", "--format", "markdown", "--report", "out.md"]);
    let page = String::from_utf8(sandbox.read("out.md")).unwrap();
    assert!(page.contains("| `pkg:cargo/bell` | `1.0.0` | `1.1.0` |\n"), "{page}");
    assert!(page.contains(r"| `n\|'\u{1b}` | `1.0.0` |"), "{page}");
}
