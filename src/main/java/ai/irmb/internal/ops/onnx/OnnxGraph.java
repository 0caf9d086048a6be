package ai.irmb.internal.ops.onnx;

import ai.irmb.ops.Weight;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Nodes and weights of an ONNX model, in the order in which they compute. Weights are loaded one by
 * one when the file is written. Not safe for concurrent use.
 */
public final class OnnxGraph {
  /** The oldest operator set that has every operator in the form used here. */
  public static final int MIN_OPSET = 13;

  /** The newest operator set that is tested. */
  public static final int MAX_OPSET = 20;

  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  /** The size limit of a protobuf message. */
  private static final long MAX_BYTES = Integer.MAX_VALUE;

  private final int opset;
  private final List<ProtoMessage> nodes = new ArrayList<>();
  private final Map<Object, String> constants = new LinkedHashMap<>();
  private final List<Initializer> initializers = new ArrayList<>();
  private final List<ProtoMessage> inputs = new ArrayList<>();
  private final List<ProtoMessage> outputs = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, String> shapes = new LinkedHashMap<>();

  /**
   * A tensor.
   *
   * @param header the message up to the bytes of the elements
   */
  private record Initializer(ProtoMessage header, long bytes, Supplier<ByteBuffer> data) {
    ProtoMessage start() {
      return new ProtoMessage().lengthOf(5, header.size() + bytes);
    }
  }

  /** A weight in one of its shapes. */
  private record Use(Weight weight, List<Long> sizes) {}

  /**
   * @param opset of the operators
   * @throws IllegalArgumentException if that operator set is not supported
   */
  public OnnxGraph(int opset) {
    if (opset < MIN_OPSET || opset > MAX_OPSET) {
      throw new IllegalArgumentException(
          "opset: expected " + MIN_OPSET + " to " + MAX_OPSET + ", found " + opset);
    }
    this.opset = opset;
  }

  int opset() {
    return opset;
  }

  /** {@return an input of the graph; a size is a number, or the name of a dynamic axis} */
  public String input(String name, Object... sizes) {
    names.add(name);
    inputs.add(value(name, sizes));
    return name;
  }

  /** Makes a value an output of the graph, under this name. */
  public void output(String name, String value, Object... sizes) {
    if (!names.add(name)) {
      throw new IllegalArgumentException(name + " is in the graph already");
    }
    nodes.add(new OnnxNode("Identity").message(List.of(value), name));
    outputs.add(value(name, sizes));
  }

  private static ProtoMessage value(String name, Object... sizes) {
    ProtoMessage shape = new ProtoMessage();
    for (Object size : sizes) {
      shape.message(
          1,
          size instanceof Number number
              ? new ProtoMessage().integer(1, number.longValue())
              : new ProtoMessage().string(2, size.toString()));
    }
    ProtoMessage tensor = new ProtoMessage().integer(1, FLOAT).message(2, shape);
    return new ProtoMessage().string(1, name).message(2, new ProtoMessage().message(1, tensor));
  }

  /** {@return the output of a new node, named after its operator} */
  String add(OnnxNode node, String... inputs) {
    String name = unique(node.operator());
    nodes.add(node.message(List.of(inputs), name));
    return name;
  }

  String add(String operator, String... inputs) {
    return add(new OnnxNode(operator), inputs);
  }

  private String unique(String wanted) {
    String name = wanted;
    for (int i = 1; !names.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /** {@return a weight in its own shape} */
  String weight(Weight weight) {
    return weight(weight, weight.shape());
  }

  /** {@return a weight as (C, 1, 1), to broadcast over a feature map} */
  String perChannel(Weight weight) {
    return weight(weight, Shape.of(weight.shape().elements(), 1, 1));
  }

  /** {@return a weight in another shape} */
  String weight(Weight weight, Shape shape) {
    return constants.computeIfAbsent(
        new Use(weight, Arrays.stream(shape.toArray()).boxed().toList()),
        use ->
            initializer(
                unique(weight.name()),
                FLOAT,
                shape,
                4 * shape.elements(),
                () -> floatBytes(weight.load())));
  }

  private static ByteBuffer floatBytes(HostTensor tensor) {
    return HostTensor.of(tensor.shape(), tensor.toFloats()).bytes();
  }

  /** {@return a vector of 64-bit integers} */
  String integers(long... values) {
    return constants.computeIfAbsent(
        Arrays.stream(values).boxed().toList(),
        key -> {
          ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
          data.asLongBuffer().put(values);
          return initializer(
              unique("sizes"), INT64, Shape.of(values.length), data.capacity(), () -> data);
        });
  }

  /** {@return a scalar} */
  String scalar(double value) {
    float single = (float) value;
    return constants.computeIfAbsent(
        single,
        key ->
            initializer(
                unique("number"),
                FLOAT,
                Shape.of(),
                4,
                () -> HostTensor.of(Shape.of(), single).bytes()));
  }

  /** {@return a tensor of these values} */
  String floats(Shape shape, float... values) {
    return initializer(
        unique("numbers"),
        FLOAT,
        shape,
        4L * values.length,
        () -> HostTensor.of(shape, values).bytes());
  }

  private String initializer(
      String name, int type, Shape shape, long bytes, Supplier<ByteBuffer> data) {
    ProtoMessage header = new ProtoMessage();
    for (long size : shape.toArray()) {
      header.integer(1, size);
    }
    header.integer(2, type).string(8, name).lengthOf(9, bytes);
    initializers.add(new Initializer(header, bytes, data));
    return name;
  }

  /** {@return the shape of a value, as a vector} */
  String shape(String value) {
    String known = shapes.get(value);
    if (known == null) {
      known = add("Shape", value);
      shapes.put(value, known);
    }
    return known;
  }

  /** {@return some sizes of a value, as a vector} */
  String sizes(String value, long... axes) {
    return add(new OnnxNode("Gather").with("axis", 0), shape(value), integers(axes));
  }

  /** {@return the concatenation of vectors} */
  String concat(String... vectors) {
    return add(new OnnxNode("Concat").with("axis", 0), vectors);
  }

  /**
   * Writes the model.
   *
   * @param metadata for applications that run the model
   * @throws IOException if the stream fails
   * @throws IllegalArgumentException if it is larger than the format allows
   */
  public void write(OutputStream out, Map<String, String> metadata) throws IOException {
    ProtoMessage front = new ProtoMessage();
    nodes.forEach(node -> front.message(1, node));
    front.string(2, "network");
    ProtoMessage back = new ProtoMessage();
    inputs.forEach(input -> back.message(11, input));
    outputs.forEach(output -> back.message(12, output));
    long graph = front.size() + (long) back.size();
    for (Initializer initializer : initializers) {
      graph += initializer.start().size() + initializer.header().size() + initializer.bytes();
    }
    if (graph > MAX_BYTES) {
      throw new IllegalArgumentException(
          "the network takes " + graph + " bytes; an ONNX file has at most " + MAX_BYTES);
    }
    out.write(
        new ProtoMessage()
            .integer(1, 8)
            .string(2, "irmb-detector")
            .message(8, new ProtoMessage().string(1, "").integer(2, opset))
            .toBytes());
    ProtoMessage end = new ProtoMessage();
    metadata.forEach((k, v) -> end.message(14, new ProtoMessage().string(1, k).string(2, v)));
    out.write(end.lengthOf(7, graph).toBytes());
    out.write(front.toBytes());
    for (Initializer initializer : initializers) {
      out.write(initializer.start().toBytes());
      out.write(initializer.header().toBytes());
      ByteBuffer data = initializer.data().get().rewind();
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      out.write(bytes);
    }
    out.write(back.toBytes());
  }
}
