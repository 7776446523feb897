// How each TensorFlow operator is written in ONNX.
//
// TensorFlow keeps images as [N][H][W][C], ONNX as [N][C][H][W]. Weights are reordered here, once;
// activations are reordered only where the graph enters, reshapes and leaves.
import { ConversionError } from "./conversion-error.mjs";

const channelsFirst = [0, 3, 1, 2];
const channelsLast = [0, 2, 3, 1];

/** Reorders the axes of a row-major array: axis i of the result is axis `order[i]` of the source. */
export function transpose({ shape, values }, order) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const newShape = order.map((axis) => shape[axis]);
  const result = new values.constructor(values.length);
  const index = new Array(shape.length).fill(0);
  for (let i = 0; i < result.length; i++) {
    result[i] = values[order.reduce((sum, axis, place) => sum + index[place] * strides[axis], 0)];
    for (let place = index.length - 1; place >= 0; place--) {
      index[place]++;
      if (index[place] < newShape[place]) break;
      index[place] = 0;
    }
  }
  return { shape: newShape, values: result };
}

const text = (base64) => Buffer.from(base64, "base64").toString("utf8");
const numbers = (attribute) => attribute.list.i.map(Number);

/** Strides, dilations and padding of a convolution or a pooling; TensorFlow's SAME pads like SAME_UPPER. */
function window({ attr }) {
  const padding = text(attr.padding.s);
  const [, strideY, strideX] = numbers(attr.strides);
  return { auto_pad: padding === "SAME" ? "SAME_UPPER" : padding, strides: [strideY, strideX] };
}

function convolutionWindow(node) {
  const [, dilationY, dilationX] = numbers(node.attr.dilations);
  return { ...window(node), dilations: [dilationY, dilationX] };
}

/** A slope for each channel, [1][1][C], as ONNX broadcasts it against [N][C][H][W]. */
function slopes(scope, name) {
  return scope.weights(name, (constant) => transpose(constant, [2, 0, 1]));
}

const activations = {
  Relu: (scope, input, output) => scope.graph.node("Relu", [input], output),
  Prelu: (scope, input, output, slope) => scope.graph.node("PRelu", [input, slopes(scope, slope)], output),
};

/** Convolution, bias and, if the node names one, an activation whose own weights come last. */
function fusedConvolution(scope, node) {
  const [input, kernel, bias, slope] = node.input;
  const [first, activation, ...more] = node.attr.fused_ops.list.s.map(text);
  const activate = activations[activation];
  if (first !== "BiasAdd" || more.length > 0 || (activation !== undefined && activate === undefined)) {
    throw unsupported(node, `fused with ${[first, activation, ...more].join(", ")}`);
  }
  const inputs = [
    scope.value(input),
    scope.weights(kernel, (constant) => transpose(constant, [3, 2, 0, 1])),
    scope.weights(bias),
  ];
  const output = activate === undefined ? node.name : `${node.name}/before${activation}`;
  scope.graph.node("Conv", inputs, output, convolutionWindow(node));
  activate?.(scope, output, node.name, slope);
}

/** Kernels [H][W][C][M] become [C * M][1][H][W], one group for each input channel. */
function depthwiseConvolution(scope, node) {
  const [input, kernel] = node.input;
  const channels = scope.constant(kernel).shape[2];
  const weights = scope.weights(kernel, (constant) => {
    const { shape, values } = transpose(constant, [2, 3, 0, 1]);
    return { shape: [shape[0] * shape[1], 1, shape[2], shape[3]], values };
  });
  const attributes = { ...convolutionWindow(node), group: channels };
  scope.graph.node("Conv", [scope.value(input), weights], node.name, attributes);
}

function maxPool(scope, node) {
  const [, height, width] = numbers(node.attr.ksize);
  const attributes = { ...window(node), kernel_shape: [height, width] };
  scope.graph.node("MaxPool", [scope.value(node.input[0])], node.name, attributes);
}

/** Pads with zeros; TensorFlow lists (before, after) by axis, ONNX all befores and then all afters. */
function pad(scope, node) {
  const { values } = scope.constant(node.input[1]);
  const amounts = [0, 1].flatMap((side) => channelsFirst.map((axis) => values[2 * axis + side]));
  const pads = scope.graph.integers(`${node.name}/pads`, amounts);
  scope.graph.node("Pad", [scope.value(node.input[0]), pads], node.name, { mode: "constant" });
}

function concatenate(scope, node) {
  const axis = scope.constant(node.input.at(-1)).values[0];
  const inputs = node.input.slice(0, -1).map((name) => scope.value(name));
  const place = channelsFirst.indexOf(axis < 0 ? axis + channelsFirst.length : axis);
  scope.graph.node("Concat", inputs, node.name, { axis: place });
}

/** The new shape counts elements in TensorFlow's order, so the channels go last before it. */
function reshape(scope, node) {
  const input = scope.graph.node("Transpose", [scope.value(node.input[0])], `${node.name}/channelsLast`, {
    perm: channelsLast,
  });
  const shape = scope.graph.integers(`${node.name}/shape`, scope.constant(node.input[1]).values);
  scope.graph.node("Reshape", [input, shape], node.name);
  scope.markReshaped(node.name);
}

function elementwise(opType) {
  return (scope, node) =>
    scope.graph.node(
      opType,
      node.input.map((name) => scope.value(name)),
      node.name,
    );
}

/** The network's image input arrives as TensorFlow has it and is reordered at once. */
function placeholder(scope, node) {
  const { dim } = node.attr.shape.shape;
  const sizes = dim.slice(1).map(({ size }) => Number(size));
  scope.graph.input("image", [Number(dim[0].size) > 0 ? Number(dim[0].size) : "batch", ...sizes]);
  scope.graph.node("Transpose", ["image"], node.name, { perm: channelsFirst });
}

function identity(scope, node) {
  const source = scope.value(node.input[0]);
  const output = scope.outputName(node.name);
  if (scope.isReshaped(node.input[0])) scope.graph.node("Identity", [source], output);
  else scope.graph.node("Transpose", [source], output, { perm: channelsLast });
}

/** By TensorFlow's name of the operator. */
export const operators = {
  Placeholder: placeholder,
  _FusedConv2D: fusedConvolution,
  DepthwiseConv2dNative: depthwiseConvolution,
  MaxPool: maxPool,
  Pad: pad,
  ConcatV2: concatenate,
  Reshape: reshape,
  Prelu: (scope, node) => activations.Prelu(scope, scope.value(node.input[0]), node.name, node.input[1]),
  AddV2: elementwise("Add"),
  Relu: elementwise("Relu"),
  Sigmoid: elementwise("Sigmoid"),
  Identity: identity,
};

/** The error for an operator, or a form of one, that has no counterpart here. */
export function unsupported(node, detail = "") {
  return new ConversionError(
    "FACE_NET_UNSUPPORTED",
    `The operator ${node.op} of node ${node.name}${detail && ` (${detail})`} has no conversion to ONNX here.`,
    "Convert the network by other means and name the ONNX file in the configuration.",
  );
}
