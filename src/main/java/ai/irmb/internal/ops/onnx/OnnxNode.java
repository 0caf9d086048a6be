package ai.irmb.internal.ops.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An operator with its attributes, not yet connected to inputs. Not safe for concurrent use. */
final class OnnxNode {
  private static final int FLOAT = 1;
  private static final int INT = 2;
  private static final int STRING = 3;
  private static final int INTS = 7;

  private final String operator;
  private final Map<String, ProtoMessage> attributes = new LinkedHashMap<>();

  OnnxNode(String operator) {
    this.operator = operator;
  }

  String operator() {
    return operator;
  }

  private OnnxNode put(String name, int type, ProtoMessage value) {
    attributes.put(name, value.string(1, name).integer(20, type));
    return this;
  }

  OnnxNode with(String name, long value) {
    return put(name, INT, new ProtoMessage().integer(3, value));
  }

  OnnxNode with(String name, double value) {
    return put(name, FLOAT, new ProtoMessage().float32(2, (float) value));
  }

  OnnxNode with(String name, String value) {
    return put(name, STRING, new ProtoMessage().string(4, value));
  }

  OnnxNode withAll(String name, long... values) {
    ProtoMessage list = new ProtoMessage();
    for (long value : values) {
      list.integer(8, value);
    }
    return put(name, INTS, list);
  }

  ProtoMessage message(List<String> inputs, String output) {
    ProtoMessage node = new ProtoMessage();
    inputs.forEach(input -> node.string(1, input));
    node.string(2, output).string(3, "/" + output).string(4, operator);
    attributes.values().forEach(attribute -> node.message(5, attribute));
    return node;
  }
}
