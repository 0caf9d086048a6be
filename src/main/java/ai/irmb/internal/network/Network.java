package ai.irmb.internal.network;

import ai.irmb.block.Attribute;
import ai.irmb.block.Block;
import ai.irmb.block.ModuleTree;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.block.CheckedModuleScope;
import ai.irmb.internal.block.Head;
import ai.irmb.internal.ops.shape.ShapeOps;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.ops.Ops;
import ai.irmb.ops.WindowGrid;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a network with their weights, and the forward pass through them, for every
 * interpretation of the operation set. Immutable, safe for concurrent use.
 */
public final class Network {
  /** The side of the image that strides are measured with, as in YOLOv5. */
  private static final int PROBE_SIZE = 256;

  private final String source;
  private final List<Layer> layers;
  private final Head head;
  private final int[] lastUse;
  private final List<Double> strides;
  private final int channels;

  /**
   * A layer of the network.
   *
   * @param sources indexes of the layers that it reads; −1 is the image
   * @param block computes its output; null for the head
   */
  private record Layer(int index, List<Integer> sources, String name, @Nullable Block block) {
    String describe() {
      return "layer " + index + " (" + name + ")";
    }
  }

  /**
   * A listener that is called after each layer.
   *
   * @param <T> the tensor type of the interpretation
   */
  @FunctionalInterface
  public interface LayerListener<T> {
    /**
     * Called after a layer has been computed.
     *
     * @param index index of the layer
     * @param output its output
     * @param alive the outputs that later layers read, this one included if they read it
     */
    void afterLayer(int index, T output, List<T> alive);
  }

  private Network(String source, List<Layer> layers, Head head, int channels) {
    this.source = source;
    this.layers = List.copyOf(layers);
    this.head = head;
    this.lastUse = lastUse(layers);
    this.channels = channels;
    this.strides = measureStrides();
  }

  /**
   * {@return the network of a module tree}
   *
   * @param tree with the layers under the child {@code model}
   * @param state the weights; read only when they are needed
   * @param registry the registered blocks
   * @param channels of the image
   * @throws WeightsException if a class is not registered, or layers do not fit together
   */
  public static Network read(
      ModuleTree tree, StateDict state, BlockRegistry registry, int channels) {
    ModuleTree model = tree.children().get("model");
    if (model == null || model.children().isEmpty()) {
      throw new WeightsException(
          state.source() + ": the " + tree.className() + " in it has no layers under \"model\"");
    }
    List<Layer> layers = new ArrayList<>();
    Head head = null;
    for (Map.Entry<String, ModuleTree> child : model.children().entrySet()) {
      int index = layers.size();
      String name = child.getValue().simpleName();
      CheckedModuleScope scope =
          new CheckedModuleScope(
              registry,
              state,
              child.getValue(),
              "model." + child.getKey(),
              "layer " + index + " (" + name + ")");
      if (head != null) {
        throw scope.error("it follows a head; a head has to be the last layer");
      }
      Block block = null;
      try {
        if (Head.isHead(name)) {
          head = Head.read(scope);
        } else {
          block = registry.read(scope);
        }
      } catch (WeightsException e) {
        throw scope.unknownClassOr(e);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw scope.error(
            "its attributes and weights do not form a valid block: " + e.getMessage());
      }
      layers.add(new Layer(index, sources(scope, index), name, block));
    }
    if (head == null) {
      throw new WeightsException(
          state.source()
              + ": the last layer is "
              + layers.get(layers.size() - 1).describe()
              + "; Detect or Segment was expected"
              + (layers.get(layers.size() - 1).name().equals("Classify")
                  ? " (this is a classification model)"
                  : ""));
    }
    return new Network(state.source(), layers, head, channels);
  }

  /** The indices of the layers that a layer reads from, from YOLOv5's attribute {@code f}. */
  private static List<Integer> sources(CheckedModuleScope scope, int index) {
    Attribute from = scope.module().attributes().getOrDefault("f", Attribute.of(-1));
    List<Integer> sources = new ArrayList<>();
    for (Attribute element : from.elements()) {
      long source = Long.MAX_VALUE;
      if (element instanceof Attribute.IntAttribute integer) {
        source = integer.value() < 0 ? index + integer.value() : integer.value();
      }
      if (source < -1 || source >= index || (source == -1 && index != 0)) {
        throw scope.error("it reads from " + element + ", which is not a layer before it");
      }
      sources.add((int) source);
    }
    return sources;
  }

  private static int[] lastUse(List<Layer> layers) {
    int[] last = new int[layers.size()];
    for (Layer layer : layers) {
      for (int s : layer.sources()) {
        if (s >= 0) {
          last[s] = layer.index();
        }
      }
    }
    return last;
  }

  private List<Double> measureStrides() {
    Head.Outputs<Shape> outputs =
        forward(
            new ShapeOps(),
            Shape.of(1, channels, PROBE_SIZE, PROBE_SIZE),
            (index, out, alive) -> {});
    return outputs.levels().stream().map(level -> (double) PROBE_SIZE / level.get(2)).toList();
  }

  /** {@return the layers that have windowed attention, from 0, in order} */
  public List<Integer> attentionLayers() {
    SortedSet<Integer> layers = new TreeSet<>();
    int[] current = {0};
    ShapeOps ops =
        new ShapeOps() {
          @Override
          public Shape windowAttention(Shape q, Shape k, Shape v, WindowGrid grid) {
            layers.add(current[0]);
            return super.windowAttention(q, k, v, grid);
          }
        };
    forward(
        ops,
        Shape.of(1, channels, PROBE_SIZE, PROBE_SIZE),
        (index, output, alive) -> current[0] = index + 1);
    return List.copyOf(layers);
  }

  /** {@return the name of the network in error messages} */
  public String source() {
    return source;
  }

  /** {@return the last layer} */
  public Head head() {
    return head;
  }

  /** {@return the number of layers, the head included} */
  public int size() {
    return layers.size();
  }

  /** {@return the pixels between neighboring positions, per level} */
  public List<Double> strides() {
    return strides;
  }

  /** {@return the name of a layer in error messages: {@code layer 18 (iRMB)}} */
  public String describe(int index) {
    return layers.get(index).describe();
  }

  /**
   * {@return the logits and mask prototypes for a batch of images}
   *
   * @param ops the interpretation
   * @param x (N, channels, H, W), values 0 to 1
   * @param listener called after each layer except the head
   * @throws WeightsException if layers do not fit together
   */
  public <T> Head.Outputs<T> forward(Ops<T> ops, T x, LayerListener<T> listener) {
    List<@Nullable T> outputs = new ArrayList<>();
    for (Layer layer : layers) {
      List<T> inputs = new ArrayList<>();
      for (int s : layer.sources()) {
        inputs.add(s < 0 ? x : required(outputs.get(s)));
      }
      try {
        if (layer.block() == null) {
          return head.forward(ops, inputs);
        }
        T output = layer.block().forward(ops, inputs);
        outputs.add(output);
        listener.afterLayer(layer.index(), output, releaseUnused(outputs, layer.index()));
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new WeightsException(source + ": " + layer.describe() + ": " + e.getMessage(), e);
      }
    }
    throw new IllegalStateException("a network without a head was built");
  }

  /** Drops the outputs that no later layer reads, and returns the others. */
  private <T> List<T> releaseUnused(List<@Nullable T> outputs, int done) {
    List<T> alive = new ArrayList<>();
    for (int i = 0; i <= done; i++) {
      T output = outputs.get(i);
      if (output == null) {
        continue;
      }
      if (lastUse[i] <= done) {
        outputs.set(i, null);
      } else {
        alive.add(output);
      }
    }
    return alive;
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("an output was dropped before its last use");
    }
    return value;
  }
}
