//! Vulnerabilities and what is said of them (VEX).

use std::borrow::Cow;
use std::collections::HashSet;

use jiff::Timestamp;

use super::forward::{Forward, second};
use super::ids::text;
use super::json::{Json, Member};
use super::names;
use super::part::{Reference, list, typed};
use crate::document::{Kind, Value};

impl<'a> Forward<'a> {
    /// Writes the vulnerabilities and gives their ids.
    pub(super) fn vulnerabilities(&mut self, root: Value<'a>) -> Vec<String> {
        let mut written: Vec<String> = Vec::new();
        let mut seen: HashSet<String> = HashSet::new();
        for value in list(root, "vulnerabilities").filter(|value| value.kind() == Kind::Object) {
            let link = text(value, "bom-ref").map(|own| self.base.link(&own));
            let id = link
                .filter(|link| self.links.contains(link) && seen.insert(link.clone()))
                .unwrap_or_else(|| self.base.path(value.pointer().trim_start_matches('/')));
            self.vulnerability(value, &id);
            written.push(id);
        }
        written
    }

    fn vulnerability(&mut self, value: Value<'a>, id: &str) {
        let natural = members(value);
        self.element("security_Vulnerability", id, fields(value));
        let affected: Vec<String> =
            list(value, "affects").filter_map(|own| text(own, "ref")).map(|own| self.refer(&own)).collect();
        self.assess(value, id, &affected);
        for rating in list(value, "ratings") {
            self.rate(rating, id, &affected);
        }
        let mut natural = natural;
        natural.extend(self.base.bom_ref(id).map(|own| ("bom-ref".into(), Json::Text(own.into()))));
        let mut residue = self.residue(value, &natural, &[]);
        // These come back from relationships, which say less.
        for name in ["affects", "analysis", "ratings"] {
            if value.get(name).is_none() {
                residue.absent.push(name.into());
            }
        }
        self.annotate(id, vec![("vulnerability", residue)]);
    }

    /// What was found out about the vulnerability, as a relationship to what it is about.
    fn assess(&mut self, value: Value<'a>, id: &str, affected: &[String]) {
        let analysis = value.get("analysis");
        let state = analysis.and_then(|own| text(own, "state"));
        let Some((class, kind)) = state.as_deref().and_then(names::vex) else {
            for own in affected {
                self.relationship("hasAssociatedVulnerability", own, vec![id.to_owned()], Vec::new());
            }
            return;
        };
        let Some(analysis) = analysis else { return };
        let detail = text(analysis, "detail");
        let mut more: Vec<Member<'a>> = Vec::new();
        match kind {
            "affects" => {
                let own = text(value, "recommendation").or_else(|| text(value, "workaround"));
                let responses: Vec<String> = list(analysis, "response")
                    .filter_map(|own| own.as_str())
                    .map(|own| own.replace('_', " "))
                    .collect();
                let action = own
                    .or_else(|| (!responses.is_empty()).then(|| Cow::Owned(responses.join(", "))))
                    .unwrap_or(Cow::Borrowed("The source names no action."));
                more.push(("security_actionStatement".into(), Json::Text(action)));
            }
            "doesNotAffect" => {
                let word = text(analysis, "justification");
                let own = word.as_deref().and_then(names::justification);
                more.extend(own.map(|own| ("security_justificationType".into(), Json::text(own))));
                let statement = detail.clone().or_else(|| word.map(|word| word.replace('_', " ").into()));
                if own.is_none() || detail.is_some() {
                    let statement = statement.unwrap_or(Cow::Borrowed("The source gives no reason."));
                    more.push(("security_impactStatement".into(), Json::Text(statement)));
                }
            }
            _ => {}
        }
        if kind != "doesNotAffect" {
            more.extend(detail.map(|detail| ("security_statusNotes".into(), Json::Text(detail))));
        }
        for (name, field) in
            [("firstIssued", "security_publishedTime"), ("lastUpdated", "security_modifiedTime")]
        {
            let time = text(analysis, name).and_then(|time| time.parse::<Timestamp>().ok());
            more.extend(time.map(|time| (Cow::Borrowed(field), Json::text(second(time)))));
        }
        self.relationship_of(class, kind, id, or_nobody(affected), more);
    }

    /// A score of CVSS with its vector.
    fn rate(&mut self, rating: Value<'a>, id: &str, affected: &[String]) {
        let class = match text(rating, "method").as_deref() {
            Some("CVSSv2") => "security_CvssV2VulnAssessmentRelationship",
            Some("CVSSv3" | "CVSSv31") => "security_CvssV3VulnAssessmentRelationship",
            Some("CVSSv4") => "security_CvssV4VulnAssessmentRelationship",
            _ => return,
        };
        let score = rating.get("score").and_then(|score| score.as_f64());
        let (Some(number), Some(vector)) = (score, text(rating, "vector")) else { return };
        let mut more: Vec<Member<'a>> = vec![
            ("security_score".into(), Json::text(number.to_string())),
            ("security_vectorString".into(), Json::Text(vector)),
        ];
        if !class.contains("V2") {
            // FIRST, CVSS v3.1 section 5 and v4.0 section 6.
            let severity = match text(rating, "severity") {
                Some(own) if ["critical", "high", "medium", "low", "none"].contains(&&*own) => own,
                _ if number >= 9.0 => "critical".into(),
                _ if number >= 7.0 => "high".into(),
                _ if number >= 4.0 => "medium".into(),
                _ if number > 0.0 => "low".into(),
                _ => "none".into(),
            };
            more.push(("security_severity".into(), Json::Text(severity)));
        }
        self.relationship_of(class, "hasAssessmentFor", id, or_nobody(affected), more);
    }
}

/// A relationship leads somewhere, if only to the element that stands for no assertion.
fn or_nobody(affected: &[String]) -> Vec<String> {
    if affected.is_empty() { vec!["NoAssertionElement".to_owned()] } else { affected.to_vec() }
}

/// The fields of the element.
fn fields<'a>(value: Value<'a>) -> Vec<Member<'a>> {
    let mut fields: Vec<Member<'a>> = Vec::new();
    let name = text(value, "id");
    fields.extend(name.clone().map(|name| ("name".into(), Json::Text(name))));
    fields.extend(text(value, "description").map(|own| ("description".into(), Json::Text(own))));
    for (name, field) in TIMES {
        let time = text(value, name).and_then(|time| time.parse::<Timestamp>().ok());
        fields.extend(time.map(|time| (Cow::Borrowed(field), Json::text(second(time)))));
    }
    if let Some(name) = name {
        let kind = if name.starts_with("CVE-") { "cve" } else { "securityOther" };
        let source = value.get("source");
        let mut identifier = typed("ExternalIdentifier");
        identifier.push(("externalIdentifierType".into(), Json::text(kind)));
        identifier.push(("identifier".into(), Json::Text(name)));
        if let Some(url) = source.and_then(|source| text(source, "url")) {
            identifier.push(("identifierLocator".into(), Json::List(vec![Json::Text(url)])));
        }
        if let Some(name) = source.and_then(|source| text(source, "name")) {
            identifier.push(("issuingAuthority".into(), Json::Text(name)));
        }
        fields.push(("externalIdentifier".into(), Json::List(vec![Json::Object(identifier)])));
    }
    let cwes = list(value, "cwes").filter_map(|own| own.as_u64());
    let mut references: Vec<Reference<'a>> = cwes
        .map(|cwe| Reference { kind: "cwe".into(), locator: format!("CWE-{cwe}").into(), comment: None })
        .collect();
    references.extend(list(value, "advisories").filter_map(|own| {
        Some(Reference {
            kind: "securityAdvisory".into(),
            locator: text(own, "url")?,
            comment: text(own, "title"),
        })
    }));
    if !references.is_empty() {
        fields.push(("externalRef".into(), Json::List(references.iter().map(Reference::field).collect())));
    }
    fields
}

/// The members of the vulnerability that come back from those fields.
fn members<'a>(value: Value<'a>) -> Vec<Member<'a>> {
    let mut members: Vec<Member<'a>> = Vec::new();
    for name in ["id", "description"] {
        members.extend(text(value, name).map(|own| (Cow::Borrowed(name), Json::Text(own))));
    }
    for (name, _) in TIMES {
        let time = text(value, name).and_then(|time| time.parse::<Timestamp>().ok());
        members.extend(time.map(|time| (Cow::Borrowed(name), Json::text(second(time)))));
    }
    if let Some(source) = value.get("source").filter(|_| text(value, "id").is_some()) {
        let mut own: Vec<Member<'a>> = Vec::new();
        for name in ["name", "url"] {
            own.extend(text(source, name).map(|text| (Cow::Borrowed(name), Json::Text(text))));
        }
        if !own.is_empty() {
            members.push(("source".into(), Json::Object(own)));
        }
    }
    let cwes: Vec<Json<'a>> = list(value, "cwes")
        .filter_map(|own| own.as_u64())
        .map(|own| Json::Literal(own.to_string().into()))
        .collect();
    if !cwes.is_empty() {
        members.push(("cwes".into(), Json::List(cwes)));
    }
    let advisory = |own: Value<'a>| {
        let url: Member<'a> = ("url".into(), Json::Text(text(own, "url")?));
        let title = text(own, "title").map(|title| ("title".into(), Json::Text(title)));
        Some(Json::Object(title.into_iter().chain([url]).collect()))
    };
    let advisories: Vec<Json<'a>> = list(value, "advisories").filter_map(advisory).collect();
    if !advisories.is_empty() {
        members.push(("advisories".into(), Json::List(advisories)));
    }
    members
}

/// Times of a vulnerability, and the fields for them.
pub(super) const TIMES: [(&str, &str); 3] = [
    ("published", "security_publishedTime"),
    ("updated", "security_modifiedTime"),
    ("rejected", "security_withdrawnTime"),
];
