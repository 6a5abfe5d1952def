//! Vulnerabilities, and what relationships say of them.

use std::borrow::Cow;

use super::backward::{Backward, Relationship};
use super::element::is_a;
use super::ids::text;
use super::json::{Json, Member};
use super::names;
use super::part::list;
use super::vex::TIMES;
use crate::document::Value;

impl<'a> Backward<'a> {
    /// Writes the vulnerabilities, one for each verdict.
    pub(super) fn vulnerabilities(&mut self) {
        let values: Vec<Value<'a>> = self.graph.of_class("security_Vulnerability").collect();
        for value in values {
            let Some(id) = text(value, "spdxId") else { continue };
            let kept = self.graph.kept.get(&id).copied().filter(|kept| kept.has("vulnerability"));
            let at = value.offset();
            self.used.insert(value.id());
            let (ratings, verdicts) = self.assessments(&id);
            let verdicts = if kept.is_some() { verdicts.into_iter().take(1).collect() } else { verdicts };
            for (number, (analysis, affected)) in verdicts.into_iter().enumerate() {
                let mut members = described(value);
                if number == 0
                    && let Some(reference) = self.bom_ref(&id)
                {
                    members.insert(0, ("bom-ref".into(), Json::Text(reference)));
                }
                if !ratings.is_empty() {
                    members.push(("ratings".into(), Json::List(ratings.clone())));
                }
                members.extend(analysis.map(|analysis| ("analysis".into(), analysis)));
                if !affected.is_empty() {
                    let affected =
                        affected.into_iter().map(|own| Json::Object(vec![("ref".into(), Json::Text(own))]));
                    members.push(("affects".into(), Json::List(affected.collect())));
                }
                self.builder.object(at);
                self.members(members, kept, "vulnerability", &[], at);
                self.builder.end();
            }
            self.used.extend(kept.map(|kept| kept.annotation.id()));
        }
    }

    /// The ratings of a vulnerability; and each verdict with what it is about.
    #[expect(clippy::type_complexity, reason = "it is taken apart where it is made")]
    fn assessments(&mut self, id: &str) -> (Vec<Json<'a>>, Vec<(Option<Json<'a>>, Vec<Cow<'a, str>>)>) {
        let (mut ratings, mut verdicts, mut affected) = (Vec::new(), Vec::new(), Vec::new());
        let mut used = Vec::new();
        for own in self.about.get(id).into_iter().flatten().map(|&number| &self.relationships[number]) {
            if own.from == id
                && let Some(state) = text(own.value, "type").as_deref().and_then(names::state)
            {
                used.push(own.value.id());
                verdicts.push((Some(analysis(state, own)), self.references(own)));
            } else if own.from == id
                && let Some(rating) = rating(own.value)
            {
                used.push(own.value.id());
                ratings.push(rating);
            } else if own.kind == "hasAssociatedVulnerability" && own.to.iter().all(|to| to == id) {
                used.push(own.value.id());
                affected.extend(self.bom_ref(&own.from));
            }
        }
        self.used.extend(used);
        if verdicts.is_empty() || !affected.is_empty() {
            verdicts.push((None, affected));
        }
        (ratings, verdicts)
    }

    fn references(&self, own: &Relationship<'a>) -> Vec<Cow<'a, str>> {
        own.to.iter().filter(|id| id.contains(':')).filter_map(|id| self.bom_ref(id)).collect()
    }
}

/// The members that the fields of the element give.
fn described<'a>(value: Value<'a>) -> Vec<Member<'a>> {
    let mut members: Vec<Member<'a>> = Vec::new();
    let identifier = list(value, "externalIdentifier").find(|own| {
        own.get("externalIdentifierType").is_some_and(|kind| kind.is("cve") || kind.is("securityOther"))
    });
    let id = identifier.and_then(|own| text(own, "identifier")).or_else(|| text(value, "name"));
    members.extend(id.map(|id| ("id".into(), Json::Text(id))));
    members.extend(text(value, "description").map(|own| ("description".into(), Json::Text(own))));
    if let Some(identifier) = identifier {
        let mut source: Vec<Member<'a>> = Vec::new();
        source.extend(text(identifier, "issuingAuthority").map(|name| ("name".into(), Json::Text(name))));
        let url = list(identifier, "identifierLocator").next().and_then(|own| own.as_str());
        source.extend(url.map(|url| ("url".into(), Json::Text(url))));
        if !source.is_empty() {
            members.push(("source".into(), Json::Object(source)));
        }
    }
    for (name, field) in TIMES {
        members.extend(text(value, field).map(|time| (Cow::Borrowed(name), Json::Text(time))));
    }
    let (mut cwes, mut advisories) = (Vec::new(), Vec::new());
    for own in list(value, "externalRef") {
        let locators = list(own, "locator").filter_map(|own| own.as_str());
        if own.get("externalRefType").is_some_and(|kind| kind.is("cwe")) {
            let numbers = locators.filter_map(|text| text.trim_start_matches("CWE-").parse::<u64>().ok());
            cwes.extend(numbers.map(|number| Json::Literal(number.to_string().into())));
        } else {
            let title = text(own, "comment");
            advisories.extend(locators.map(|url| {
                let title = title.clone().map(|title| ("title".into(), Json::Text(title)));
                Json::Object(title.into_iter().chain([("url".into(), Json::Text(url))]).collect())
            }));
        }
    }
    for (name, list) in [("cwes", cwes), ("advisories", advisories)] {
        if !list.is_empty() {
            members.push((name.into(), Json::List(list)));
        }
    }
    members
}

/// What a VEX relationship says.
fn analysis<'a>(state: &'static str, own: &Relationship<'a>) -> Json<'a> {
    let mut members: Vec<Member<'a>> = vec![("state".into(), Json::text(state))];
    let word = text(own.value, "security_justificationType");
    let word = word.as_deref().and_then(names::justification_back);
    members.extend(word.map(|word| ("justification".into(), Json::text(word))));
    let fields = ["security_impactStatement", "security_statusNotes", "security_actionStatement"];
    let detail: Vec<Cow<'a, str>> = fields.iter().filter_map(|field| text(own.value, field)).collect();
    if !detail.is_empty() {
        members.push(("detail".into(), Json::text(detail.join("\n"))));
    }
    for (name, field) in [("firstIssued", "security_publishedTime"), ("lastUpdated", "security_modifiedTime")]
    {
        members.extend(text(own.value, field).map(|time| (Cow::Borrowed(name), Json::Text(time))));
    }
    Json::Object(members)
}

/// What a relationship says that holds a score of CVSS.
fn rating<'a>(value: Value<'a>) -> Option<Json<'a>> {
    let vector = text(value, "security_vectorString")?;
    let method = match () {
        () if is_a(value, "security_CvssV2VulnAssessmentRelationship") => "CVSSv2",
        () if is_a(value, "security_CvssV4VulnAssessmentRelationship") => "CVSSv4",
        () if vector.starts_with("CVSS:3.1") => "CVSSv31",
        () => "CVSSv3",
    };
    let score = value.get("security_score")?;
    // The model allows a decimal as text too.
    let number = match score.as_str() {
        Some(text) => Json::Literal(text.parse::<f64>().ok()?.to_string().into()),
        None => Json::Value(score),
    };
    let mut members: Vec<Member<'a>> = vec![("score".into(), number)];
    members.extend(text(value, "security_severity").map(|own| ("severity".into(), Json::Text(own))));
    members.push(("method".into(), Json::text(method)));
    members.push(("vector".into(), Json::Text(vector)));
    Some(Json::Object(members))
}
