"""Validates SPDX 3 documents with the official JSON schema and SHACL model, through the package spdx3-validate, offline.

    validate.py FOLDER FILE...

FOLDER holds spdx-context.jsonld, spdx-model.ttl and spdx-json-schema.json of 3.0.1, as spdx.org publishes them. What the
package would fetch is read from there, and nothing else is fetched. Prints a line a file; exits 1 if one is refused.
"""

import json
import sys
import urllib.request
from pathlib import Path

import rdflib
import rdflib.plugins.shared.jsonld.context as jsonld
import spdx3_validate.main as peer

folder = Path(sys.argv[1])
local = {
    "https://spdx.org/rdf/3.0.1/spdx-context.jsonld": folder / "spdx-context.jsonld",
}


def refuse(url, *_args, **_options):
    raise OSError(f"no network: {url}")


def context(source, *_args, **_options):
    return json.loads(local[source].read_text(encoding="utf-8")), source


urllib.request.urlopen = refuse
jsonld.source_to_json = context
model = rdflib.Graph()
model.parse(folder / "spdx-model.ttl", format="ttl")
schema = json.loads((folder / "spdx-json-schema.json").read_text(encoding="utf-8"))
peer.load_validation_data = lambda _version: (schema, model)

refused = 0
for name in sys.argv[2:]:
    wrong = peer.spdx3validate([name], None, False, True)
    print("refuses" if wrong else "accepts", name)
    refused += bool(wrong)
sys.exit(1 if refused else 0)
