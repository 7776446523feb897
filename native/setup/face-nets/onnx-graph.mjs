// Collects the nodes and constants of an ONNX graph and encodes them.
import onnxProto from "onnx-proto";

const { onnx } = onnxProto;
const { DataType } = onnx.TensorProto;
const { AttributeType } = onnx.AttributeProto;

/** Operator set 13 and its file format: old enough for any runtime in use, new enough for every operator here. */
const operatorSet = 13;
const irVersion = 7;

function attribute(name, value) {
  if (typeof value === "string") {
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  if (Array.isArray(value)) return { name, type: AttributeType.INTS, ints: value };
  return { name, type: AttributeType.INT, i: value };
}

const littleEndianBytes = (values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Dimensions; a string stands for a size chosen at run time. */
function tensorShape(sizes) {
  return { dim: sizes.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size })) };
}

export class OnnxGraph {
  #nodes = [];
  #initializers = [];
  #inputs = [];
  #outputs = [];

  input(name, shape) {
    const tensorType = { elemType: DataType.FLOAT, shape: tensorShape(shape) };
    this.#inputs.push({ name, type: { tensorType } });
  }

  /** The runtime infers the shape. */
  output(name) {
    this.#outputs.push({ name, type: { tensorType: { elemType: DataType.FLOAT } } });
  }

  /** Adds a node with one output, whose name is returned. */
  node(opType, inputs, output, attributes = {}) {
    const attributeList = Object.entries(attributes).map(([name, value]) => attribute(name, value));
    this.#nodes.push({ name: output, opType, input: inputs, output: [output], attribute: attributeList });
    return output;
  }

  floats(name, shape, values) {
    this.#initializers.push({
      name,
      dims: shape,
      dataType: DataType.FLOAT,
      rawData: littleEndianBytes(values),
    });
    return name;
  }

  integers(name, values) {
    this.#initializers.push({
      name,
      dims: [values.length],
      dataType: DataType.INT64,
      rawData: littleEndianBytes(BigInt64Array.from(values, BigInt)),
    });
    return name;
  }

  /** The same calls give the same bytes. */
  encode(name) {
    const message = onnx.ModelProto.create({
      irVersion,
      producerName: "nearfar",
      opsetImport: [{ domain: "", version: operatorSet }],
      graph: {
        name,
        node: this.#nodes,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
    });
    return onnx.ModelProto.encode(message).finish();
  }
}
