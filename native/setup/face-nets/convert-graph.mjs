// Converts a TensorFlow.js graph to the bytes of an ONNX model.
import { ConversionError } from "./conversion-error.mjs";
import { OnnxGraph } from "./onnx-graph.mjs";
import { operators, unsupported } from "./operators.mjs";

/** Names of the nodes that the wanted outputs depend on. */
function neededNodes(nodes, outputs) {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const needed = new Set();
  const waiting = [...outputs];
  while (waiting.length > 0) {
    const name = waiting.pop();
    const node = byName.get(name);
    if (node === undefined) {
      throw new ConversionError(
        "FACE_NET_UNSUPPORTED",
        `The network has no node ${name}.`,
        "Name a node of the network as its output.",
      );
    }
    if (needed.has(name)) continue;
    needed.add(name);
    waiting.push(...(node.input ?? []));
  }
  return needed;
}

/** What operators see of the conversion: the ONNX graph so far, and the constants of the source. */
class ConversionScope {
  graph = new OnnxGraph();
  #constants;
  #outputs;
  #written = new Set();
  #reshaped = new Set();

  constructor(constants, outputs) {
    this.#constants = constants;
    this.#outputs = outputs;
  }

  constant(name) {
    return this.#constants.get(name);
  }

  /** Name of an activation. */
  value(name) {
    if (!this.#constants.has(name)) return name;
    throw new ConversionError(
      "FACE_NET_UNSUPPORTED",
      `The constant ${name} stands where this converter expects an activation.`,
      "Convert the network by other means and name the ONNX file in the configuration.",
    );
  }

  /** Writes a constant, reordered by `change`, once, and returns its name. */
  weights(name, change = (constant) => constant) {
    if (!this.#written.has(name)) {
      const { shape, values } = change(this.constant(name));
      this.graph.floats(name, shape, values);
      this.#written.add(name);
    }
    return name;
  }

  /** Values that have been reshaped keep TensorFlow's order of elements. */
  markReshaped(name) {
    this.#reshaped.add(name);
  }

  isReshaped(name) {
    return this.#reshaped.has(name);
  }

  outputName(nodeName) {
    return this.#outputs[nodeName];
  }
}

/**
 * @param graph nodes in order of evaluation and constants by name, as `readTfjsGraph` gives them.
 * @param outputs new name of each output by the node that computes it.
 * @throws ConversionError FACE_NET_UNSUPPORTED naming the operator that has no conversion.
 */
export function convertGraph({ nodes, constants }, name, outputs) {
  const needed = neededNodes(nodes, Object.keys(outputs));
  const scope = new ConversionScope(constants, outputs);
  for (const node of nodes) {
    if (!needed.has(node.name) || node.op === "Const") continue;
    const convert = operators[node.op];
    if (convert === undefined) throw unsupported(node);
    convert(scope, node);
  }
  for (const output of Object.values(outputs)) scope.graph.output(output);
  return scope.graph.encode(name);
}
