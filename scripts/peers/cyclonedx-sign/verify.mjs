// Verifies every JSF signature of a document with @cyclonedx/sign and keys that are given: verify.mjs DOCUMENT PUBLIC.pem…
// For each signer the key of the same number is used, or the only one. Prints `POINTER true|false` and fails unless all hold.
import { readFileSync } from "node:fs";
import { verify } from "@cyclonedx/sign/jsf";

const [file, ...keys] = process.argv.slice(2);
const pems = keys.map((key) => readFileSync(key, "utf8"));
const allowedAlgorithms = ["RS", "PS", "ES"].flatMap((name) => [256, 384, 512].map((bits) => name + bits)).concat("Ed25519");
let found = 0;
let failed = 0;

async function visit(value, pointer) {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value) && value.signature) {
    const { signers, chain } = value.signature;
    const list = signers ?? chain;
    const options = { allowedAlgorithms, allowedExcludes: [], allowedExtensions: [] };
    if (list) options.publicKeys = new Map(list.map((_, number) => [number, pems[number % pems.length]]));
    else options.publicKey = pems[0];
    let valid = false;
    try {
      const result = await verify(value, options);
      valid = result.valid;
      if (!valid) console.error(pointer, JSON.stringify(result));
    } catch (error) {
      console.error(pointer, error.message);
    }
    console.log(pointer || "(document)", valid);
    found += 1;
    failed += valid ? 0 : 1;
  }
  for (const [name, member] of Object.entries(value)) {
    if (name !== "signature") await visit(member, `${pointer}/${name}`);
  }
}

await visit(JSON.parse(readFileSync(file, "utf8")), "");
process.exit(found > 0 && failed === 0 ? 0 : 1);
