package ai.irmb.ops.onnx;

/**
 * What flows through an ONNX graph: a named map (N, channels, H, W). Immutable.
 *
 * @param name in the graph
 * @param channels how many it has; N, H and W are known only when the graph runs
 */
public record OnnxValue(String name, int channels) {}
