/**
 * The interpretation that writes an ONNX model: the blocks add nodes to an {@link
 * ai.irmb.internal.ops.onnx.OnnxGraph}, and the graph computes every size that depends on the
 * image, so batch, height and width are dynamic.
 *
 * <p>The file is one protobuf message, {@code ModelProto} of {@code onnx.proto3}. These fields are
 * written:
 *
 * <table>
 * <caption>Field numbers</caption>
 * <tr><th>message</th><th>fields</th></tr>
 * <tr><td>ModelProto</td><td>1 IR version, 2 producer, 7 graph, 8 operator sets, 14 metadata</td></tr>
 * <tr><td>GraphProto</td><td>1 nodes, 2 name, 5 initializers, 11 inputs, 12 outputs</td></tr>
 * <tr><td>NodeProto</td><td>1 inputs, 2 outputs, 3 name, 4 operator, 5 attributes</td></tr>
 * <tr><td>AttributeProto</td><td>1 name, 2 float, 3 integer, 4 text, 8 integers, 20 type</td></tr>
 * <tr><td>TensorProto</td><td>1 sizes, 2 type, 8 name, 9 little-endian bytes</td></tr>
 * </table>
 */
@NullMarked
package ai.irmb.internal.ops.onnx;

import org.jspecify.annotations.NullMarked;
