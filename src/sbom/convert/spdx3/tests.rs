//! Both ways on documents made for it.

use jiff::Timestamp;

use super::{from_cyclonedx, to_cyclonedx};
use crate::document::{Document, Limits};
use crate::sbom::convert::{Fate, Loss};
use crate::sbom::{SpecVersion, validate};

fn parse(text: &str) -> Document {
    Document::parse(text.replace('\'', "\"").into(), &Limits::default()).unwrap()
}

fn now() -> Timestamp {
    "2026-01-31T12:00:00Z".parse().unwrap()
}

fn forth(document: &Document) -> (Document, Vec<Loss>) {
    let (made, losses) = from_cyclonedx(document, now(), &Limits::default()).unwrap();
    let judged = validate(made.bytes().to_vec(), &Limits::default(), "made", now());
    assert!(judged.valid, "{:#?}\n{}", judged.findings, String::from_utf8_lossy(made.bytes()));
    (made, losses)
}

fn back(document: Document) -> (Document, SpecVersion, Vec<Loss>) {
    to_cyclonedx(document, &Limits::default()).unwrap()
}

/// Goes both ways; the same comes back, but for what is dropped by name.
#[track_caller]
fn returns(text: &str) -> Document {
    let source = parse(text);
    let (made, _) = forth(&source);
    let again = parse(&String::from_utf8_lossy(made.bytes()));
    let (returned, ..) = back(again);
    let show = |document: &Document| String::from_utf8(document.root().canonical()).unwrap();
    assert_eq!(show(&returned), show(&source), "{}", String::from_utf8_lossy(made.bytes()));
    made
}

#[test]
fn corpus() {
    let Some(folder) = std::env::var_os("SPDX3_CORPUS") else { return };
    let mut open = vec![std::path::PathBuf::from(folder)];
    let (mut same, mut other) = (0, 0);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        #[expect(clippy::disallowed_methods, reason = "temporary")]
        let Ok(source) = Document::parse(std::fs::read(&path).unwrap(), &Limits::default()) else { continue };
        if source.root().get("bomFormat").is_none() {
            continue;
        }
        let (made, losses) = from_cyclonedx(&source, now(), &Limits::default()).unwrap();
        let judged = validate(made.bytes().to_vec(), &Limits::default(), "made", now());
        if !judged.valid {
            eprintln!("INVALID {} {:#?}", path.display(), &judged.findings[..judged.findings.len().min(3)]);
        }
        let dropped: Vec<_> = losses
            .iter()
            .filter(|loss| loss.fate == Fate::Dropped)
            .take(3)
            .map(|loss| &loss.pointer)
            .collect();
        let carried = losses.iter().filter(|loss| loss.fate == Fate::Carried).count();
        if let Some(out) = std::env::var_os("SPDX3_OUT") {
            let name = path.to_string_lossy().replace('/', "_");
            std::fs::write(std::path::Path::new(&out).join(name), made.bytes()).unwrap();
        }
        let again = Document::parse(made.into_bytes(), &Limits::default()).unwrap();
        let (returned, _, back_losses) = back(again);
        let back_dropped: Vec<_> = back_losses
            .iter()
            .filter(|loss| loss.fate == Fate::Dropped)
            .take(2)
            .map(|loss| &loss.pointer)
            .collect();
        if returned.root().canonical() == source.root().canonical() {
            same += 1;
            eprintln!("same {} carried {carried} dropped {dropped:?} back {back_dropped:?}", path.display());
        } else {
            other += 1;
            let (one, two): (serde_json::Value, serde_json::Value) = (
                serde_json::from_slice(source.bytes()).unwrap(),
                serde_json::from_slice(returned.bytes()).unwrap(),
            );
            eprintln!(
                "OTHER {} {:?}",
                path.display(),
                diff(&one, &two, String::new()).into_iter().take(4).collect::<Vec<_>>()
            );
        }
    }
    eprintln!("same {same} other {other}");
}

fn diff(one: &serde_json::Value, two: &serde_json::Value, path: String) -> Vec<String> {
    use serde_json::Value as V;
    match (one, two) {
        (V::Object(a), V::Object(b)) => {
            let mut out = Vec::new();
            for (k, v) in a {
                match b.get(k) {
                    Some(w) => out.extend(diff(v, w, format!("{path}/{k}"))),
                    None => out.push(format!(
                        "{path}/{k} gone {}",
                        v.to_string().chars().take(80).collect::<String>()
                    )),
                }
            }
            for k in b.keys().filter(|k| !a.contains_key(*k)) {
                out.push(format!("{path}/{k} new {}", b[k].to_string().chars().take(80).collect::<String>()));
            }
            out
        }
        (V::Array(a), V::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().flat_map(|(i, (v, w))| diff(v, w, format!("{path}/{i}"))).collect()
        }
        _ if one == two => Vec::new(),
        _ => vec![format!(
            "{path}: {} / {}",
            one.to_string().chars().take(80).collect::<String>(),
            two.to_string().chars().take(80).collect::<String>()
        )],
    }
}

#[test]
fn a_rich_document_returns() {
    returns(RICH);
}

#[test]
fn a_poor_document_returns() {
    returns("{'bomFormat':'CycloneDX','specVersion':'1.4'}");
    returns("{'bomFormat':'CycloneDX','specVersion':'1.2','version':3,'metadata':{}}");
    returns("{'bomFormat':'CycloneDX','specVersion':'1.6','components':[{'type':'library','name':'a'}]}");
    returns(
        "{'bomFormat':'CycloneDX','specVersion':'1.6','components':[],'dependencies':[],'services':[],'vulnerabilities':[]}",
    );
    returns(
        "{'bomFormat':'CycloneDX','specVersion':'1.6','version':null,'components':[{'type':'file','name':'a','version':'1','components':[]}]}",
    );
}

const RICH: &str = "{'bomFormat':'CycloneDX','specVersion':'1.6','$schema':'http://cyclonedx.org/schema/bom-1.6.schema.json',
 'serialNumber':'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79','version':2,
 'metadata':{'timestamp':'2026-01-31T12:00:00.5+01:00','lifecycles':[{'phase':'build'},{'name':'own'}],
  'tools':{'components':[{'type':'application','group':'acme','name':'maker','version':'1'}]},
  'authors':[{'name':'Jane','email':'jane@example.org'}],'manufacturer':{'name':'Acme','url':['https://acme.example']},
  'supplier':{'name':'Shop'},'licenses':[{'license':{'id':'CC0-1.0'}}],'properties':[{'name':'a','value':'b'}],
  'component':{'type':'application','bom-ref':'root','name':'app','version':'1','components':[{'type':'file','bom-ref':'in','name':'f','mime-type':'text/plain',
    'hashes':[{'alg':'SHA3-256','content':'0000000000000000000000000000000000000000000000000000000000000000'},{'alg':'Streebog-256','content':'0000000000000000000000000000000000000000000000000000000000000000'}]}]}},
 'components':[
  {'type':'library','bom-ref':'pkg:cargo/a@1','group':'g','name':'a','version':'1','scope':'optional','description':'d','copyright':'c',
   'purl':'pkg:cargo/a@1','cpe':'cpe:2.3:a:acme:a:1:*:*:*:*:*:*:*','swhid':['swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2'],'omniborId':['gitoid:blob:sha1:a94a8fe5ccb19ba61c4c0873d391e987982fbbd3'],
   'supplier':{'name':'Shop','contact':[{'name':'x'}]},'authors':[{'name':'Jane'}],'publisher':'Acme',
   'licenses':[{'license':{'id':'MIT','acknowledgement':'declared'}},{'license':{'name':'Own terms','acknowledgement':'concluded'}}],
   'externalReferences':[{'type':'website','url':'https://a.example','comment':'c'},{'type':'bom','url':'urn:x'}],
   'properties':[{'name':'k','value':'1'},{'name':'k','value':'2'}],'evidence':{'copyright':[{'text':'x'}]},'pedigree':{'notes':'n'}},
  {'type':'cryptographic-asset','name':'b','licenses':[{'expression':'MIT OR Apache-2.0'}]},
  {'type':'machine-learning-model','bom-ref':'ml','name':'c','modelCard':{'bom-ref':'card'}}],
 'services':[{'bom-ref':'svc','name':'s','endpoints':['https://s.example'],'services':[{'name':'inner'}]}],
 'dependencies':[{'ref':'root','dependsOn':['pkg:cargo/a@1','svc']},{'ref':'pkg:cargo/a@1','dependsOn':[]},{'ref':'ml','provides':['in']},{'ref':'svc'},{'ref':'nowhere','dependsOn':['urn:cdx:3e671687-395b-41f5-a30f-a58921a69b70/1#x']}],
 'compositions':[{'aggregate':'incomplete','assemblies':['root'],'dependencies':['root']}],
 'externalReferences':[{'type':'vcs','url':'https://v.example'}],'properties':[{'name':'p','value':'q'}],
 'vulnerabilities':[{'bom-ref':'v','id':'CVE-2020-1','source':{'name':'NVD','url':'https://nvd.example'},'description':'bad','published':'2020-01-01T00:00:00.000Z',
   'cwes':[79],'advisories':[{'title':'t','url':'https://adv.example'}],'ratings':[{'method':'CVSSv31','score':7.50,'vector':'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'},{'method':'other','severity':'info'}],
   'analysis':{'state':'not_affected','justification':'code_not_reachable','detail':'why'},'affects':[{'ref':'pkg:cargo/a@1','versions':[{'version':'1'}]}]},
  {'id':'OSV-1','affects':[{'ref':'ml'}]},{'id':'X','analysis':{'state':'exploitable','response':['will_not_fix']}}],
 'annotations':[{'subjects':['v'],'annotator':{'individual':{'name':'x'}},'timestamp':'2020-01-01T00:00:00Z','text':'t'}],
 'declarations':{'claims':[]},'formulation':[]}";

#[test]
fn spdx_corpus() {
    let Some(list) = std::env::var_os("SPDX3_FILES") else { return };
    #[expect(clippy::disallowed_methods, reason = "temporary")]
    for name in std::fs::read_to_string(list).unwrap().lines() {
        let path = std::path::Path::new("/work/shared/corpus/sboms/spdx").join(name);
        let source = Document::parse(std::fs::read(&path).unwrap(), &Limits::default()).unwrap();
        let (made, version, losses) = back(source);
        let judged = validate(made.bytes().to_vec(), &Limits::default(), "made", now());
        let count = |fate| losses.iter().filter(|loss| loss.fate == fate).count();
        eprintln!(
            "{name} {version} valid {} mapped {} carried {} dropped {} {:?}",
            judged.valid,
            count(Fate::Mapped),
            count(Fate::Carried),
            count(Fate::Dropped),
            judged
                .findings
                .iter()
                .take(3)
                .map(|f| format!("{} {} {}", f.rule, f.subject, f.message))
                .collect::<Vec<_>>()
        );
        for loss in losses.iter().filter(|loss| loss.fate == Fate::Dropped).take(3) {
            eprintln!("   {}", loss.pointer);
        }
        if let Some(out) = std::env::var_os("SPDX3_BACK") {
            std::fs::write(std::path::Path::new(&out).join(name.replace('/', "_")), made.bytes()).unwrap();
        }
    }
}
