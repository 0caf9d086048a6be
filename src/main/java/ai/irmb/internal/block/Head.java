package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.TorchModules;
import ai.irmb.internal.block.yolo.Proto;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.head.HeadLayout;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Weight;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The last layer, {@code Detect} or {@code Segment}: one 1 × 1 convolution per level. It computes
 * logits; it does not decode them. Immutable.
 *
 * @param layout of each level's channels: na, nc, nm
 * @param m one convolution per level to (N, na · (5 + nc + nm), H, W)
 * @param anchors (levels, na, 2): width and height in units of the level's stride
 * @param proto computes the mask prototypes from the first level; null for {@code Detect}
 */
public record Head(HeadLayout layout, List<Conv2dParams> m, Weight anchors, @Nullable Block proto) {
  private static final int MAX_CLASSES = 65_536;
  private static final Set<String> NAMES = Set.of("Detect", "Segment");

  /** Copies the list. */
  public Head {
    m = List.copyOf(m);
  }

  /**
   * The outputs of a head.
   *
   * @param levels logits, (N, na · (5 + nc + nm), H, W) per level, finest first
   * @param proto (N, nm, H, W), or null
   */
  public record Outputs<T>(List<T> levels, @Nullable T proto) {}

  /** {@return whether a module of this name is a head} */
  public static boolean isHead(String name) {
    return NAMES.contains(name);
  }

  /** {@code Detect, [nc, anchors]} and {@code Segment, [nc, anchors, nm=32, npr=256]}. */
  public static LayerDeclaration declare(YamlLayerArguments arguments) {
    ModelConfig config = arguments.config();
    boolean segments = arguments.module().equals("Segment");
    int classes =
        arguments.argumentCount() > 0
            ? arguments.integer(0, "nc", 1, MAX_CLASSES)
            : config.classes();
    List<Integer> inputChannels = arguments.inputChannels();
    int levels = inputChannels.size();
    List<List<Double>> anchors = arguments.anchors(1);
    int anchorsPerLevel = arguments.anchorsPerLevel(1);
    if (!anchors.isEmpty() && anchors.size() != levels) {
      throw arguments.error(
          "it has " + levels + " levels, but there are anchors for " + anchors.size());
    }
    int masks = segments ? arguments.integer(2, "masks", 1, LayerArguments.MAX_CHANNELS, 32) : 0;
    int hidden =
        segments
            ? config.scaleChannels(
                arguments.integer(3, "prototype channels", 1, LayerArguments.MAX_CHANNELS, 256))
            : 0;
    if (hidden > LayerArguments.MAX_CHANNELS) {
      throw arguments.argumentError(
          3,
          "prototype channels",
          "at most " + LayerArguments.MAX_CHANNELS + " after width scaling");
    }
    int valuesPerAnchor = 5 + classes + masks;
    int outChannels = anchorsPerLevel * valuesPerAnchor;
    TorchModules.Builder head =
        TorchModules.of("models.yolo." + arguments.module())
            .attribute("nc", classes)
            .attribute("no", valuesPerAnchor)
            .attribute("nl", levels)
            .attribute("na", anchorsPerLevel)
            .tensor("anchors", levels, anchorsPerLevel, 2)
            .child(
                "m",
                TorchModules.moduleList(
                    inputChannels.stream()
                        .map(c -> TorchModules.pointwise(c, outChannels, true))
                        .toList()));
    List<Object> printed = new ArrayList<>();
    printed.add(classes);
    printed.add(
        anchors.isEmpty() ? defaultAnchors(levels, anchorsPerLevel) : printedAnchors(anchors));
    if (segments) {
      head.attribute("nm", masks)
          .attribute("npr", hidden)
          .child("proto", Proto.declare(arguments, inputChannels.get(0), hidden, masks));
      printed.add(masks);
      printed.add(hidden);
    }
    printed.add(inputChannels);
    return LayerDeclaration.of(head.build(), outChannels, printed.toArray());
  }

  /** The values that YOLOv5 fills in where a YAML has only the number of anchors. */
  private static List<List<Integer>> defaultAnchors(int levels, int anchorsPerLevel) {
    return Collections.nCopies(levels, IntStream.range(0, 2 * anchorsPerLevel).boxed().toList());
  }

  /** Anchors as YOLOv5 prints them, integers without a fraction. */
  private static List<List<String>> printedAnchors(List<List<Double>> anchors) {
    return anchors.stream()
        .map(
            level ->
                level.stream()
                    .map(a -> a == Math.rint(a) ? String.valueOf(a.longValue()) : a.toString())
                    .toList())
        .toList();
  }

  /** {@return whether it has mask prototypes} */
  public boolean hasMasks() {
    return proto != null;
  }

  /** {@return the head of a module} */
  public static Head read(CheckedModuleScope scope) {
    int classes = scope.integer("nc", 0);
    int masks = scope.module().simpleName().equals("Segment") ? scope.integer("nm", 32) : 0;
    CheckedModuleScope list = scope.child("m");
    List<Conv2dParams> levels = new ArrayList<>();
    for (String name : list.childNames()) {
      levels.add(list.child(name).conv2d(Activation.IDENTITY));
    }
    if (!scope.hasWeight("anchors")) {
      throw scope.error(
          "it has no anchors; a head without them (YOLOv8 and later) is not supported");
    }
    Weight anchors = scope.weight("anchors");
    checkAnchors(scope, anchors, levels.size());
    Block proto = masks > 0 ? scope.block("proto") : null;
    scope.requireAllRead();
    Head head =
        new Head(
            new HeadLayout((int) anchors.shape().get(1), classes, masks), levels, anchors, proto);
    head.check(scope);
    return head;
  }

  private static void checkAnchors(CheckedModuleScope scope, Weight anchors, int levels) {
    Shape shape = anchors.shape();
    boolean fits = shape.rank() == 3 && shape.get(0) == levels && shape.get(2) == 2;
    if (levels < 1 || !fits || shape.get(1) < 1 || shape.get(1) > ModelConfig.MAX_ANCHORS) {
      throw scope.error(
          "anchors: expected (levels, anchors, 2) with "
              + levels
              + " levels and 1 to "
              + ModelConfig.MAX_ANCHORS
              + " anchors, found "
              + shape);
    }
  }

  private void check(CheckedModuleScope scope) {
    int classes = layout.classes();
    int masks = layout.masks();
    if (classes < 1 || classes > MAX_CLASSES) {
      throw scope.error("nc: expected 1 to " + MAX_CLASSES + " classes, found " + classes);
    }
    if (masks < 0 || masks > LayerArguments.MAX_CHANNELS) {
      throw scope.error(
          "nm: expected 1 to " + LayerArguments.MAX_CHANNELS + " masks, found " + masks);
    }
    int channels = layout.anchors() * layout.valuesPerAnchor();
    for (Conv2dParams level : m) {
      if (level.outChannels() != channels) {
        throw scope.error(
            level.weight()
                + " has "
                + level.outChannels()
                + " output channels; "
                + layout.anchors()
                + " anchors with 5 + "
                + classes
                + " classes"
                + (masks > 0 ? " + " + masks + " masks" : "")
                + " need "
                + channels);
      }
    }
  }

  /** {@return the logits for the feature maps of all levels} */
  public <T> Outputs<T> forward(Ops<T> ops, List<T> inputs) {
    if (inputs.size() != m.size()) {
      throw new IllegalArgumentException(
          "it has " + m.size() + " levels, but reads from " + inputs.size() + " layers");
    }
    List<T> levels = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      levels.add(ops.conv2d(inputs.get(i), m.get(i)));
    }
    return new Outputs<>(levels, proto == null ? null : proto.forward(ops, inputs.get(0)));
  }
}
