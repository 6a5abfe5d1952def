// Says whether ajv finds that a file follows the official schema: node validate.mjs SCHEMAS bom-1.5.schema.json FILE
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import addFormats2019 from "ajv-formats-draft2019";

const [folder, name, file] = process.argv.slice(2);
const load = (path) => JSON.parse(readFileSync(path, "utf8"));
const ajv = new Ajv({ strict: false, allErrors: false });
addFormats(ajv);
addFormats2019(ajv);
for (const other of ["spdx.schema.json", "jsf-0.82.schema.json"]) {
  ajv.addSchema(load(join(folder, other)), `http://cyclonedx.org/schema/${other}`);
}
const validate = ajv.compile(load(join(folder, name)));
if (!validate(load(file))) {
  console.error(validate.errors);
  process.exit(1);
}
