package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.internal.head.HeadLayout;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The last layer, {@code Detect} or {@code Segment}: a 1 × 1 convolution a level, whose numbers are
 * decoded elsewhere. Immutable.
 *
 * @param layout of each level's channels: na, nc, nm
 * @param m one convolution a level to (N, na · (5 + nc + nm), H, W)
 * @param anchors (levels, na, 2): width and height in units of the level's stride
 * @param proto makes the mask prototypes of the first level; null for {@code Detect}
 */
public record Head(HeadLayout layout, List<Conv2dParams> m, Weight anchors, @Nullable Block proto) {
  private static final Set<String> CLASSES = Set.of("Detect", "Segment");

  /** Copies the list. */
  public Head {
    m = List.copyOf(m);
  }

  /**
   * What a head gives.
   *
   * @param levels raw logits, (N, na · (5 + nc + nm), H, W) each, finest first
   * @param proto (N, nm, H, W), or null
   */
  public record Outputs<T>(List<T> levels, @Nullable T proto) {}

  /** {@return whether a module of this name is a head} */
  public static boolean isHead(String name) {
    return CLASSES.contains(name);
  }

  /** {@code Detect, [nc, anchors]} and {@code Segment, [nc, anchors, nm=32, npr=256]}. */
  public static LayerDeclaration declare(LayerArguments line) {
    boolean segments = line.module().equals("Segment");
    int classes =
        line.argumentCount() > 0 ? line.integer(0, "nc", 1, 65_536) : line.modelConfig().classes();
    int levels = line.inputChannels().size();
    int each = line.modelConfig().anchorsPerLevel();
    if (!line.modelConfig().anchors().isEmpty() && line.modelConfig().anchors().size() != levels) {
      throw line.error(
          "it has "
              + levels
              + " levels, but there are "
              + line.modelConfig().anchors().size()
              + " rows of anchors");
    }
    if (line.argumentCount() > 1 && !line.text(1, "anchors", "anchors").equals("anchors")) {
      throw line.argumentError(1, "anchors", "the word anchors");
    }
    int masks = segments ? line.integer(2, "masks", 1, 65_536, 32) : 0;
    int hidden =
        segments
            ? line.modelConfig()
                .scaleChannels(line.integer(3, "prototype channels", 1, 65_536, 256))
            : 0;
    int rows = each * (5 + classes + masks);
    List<ModuleTree> convs = new ArrayList<>();
    line.inputChannels().forEach(c -> convs.add(TorchModules.pointwise(c, rows, true)));
    TorchModules.Builder head =
        TorchModules.of("models.yolo." + line.module())
            .attribute("nc", classes)
            .attribute("no", 5 + classes + masks)
            .attribute("nl", levels)
            .attribute("na", each)
            .tensor("anchors", levels, each, 2)
            .child("m", TorchModules.moduleList(convs));
    if (segments) {
      head.attribute("nm", masks)
          .attribute("npr", hidden)
          .child("proto", Proto.declare(line, line.inputChannels().get(0), hidden, masks));
    }
    return new LayerDeclaration(head.build(), rows, arguments(line, classes, masks, hidden), false);
  }

  private static List<@Nullable Object> arguments(
      LayerArguments line, int classes, int masks, int hidden) {
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add((long) classes);
    List<Object> rows = new ArrayList<>();
    for (List<Double> row : line.modelConfig().anchors()) {
      rows.add(row.stream().map(a -> a == Math.rint(a) ? (Object) a.longValue() : a).toList());
    }
    arguments.add(rows.isEmpty() ? (Object) (long) line.modelConfig().anchorsPerLevel() : rows);
    if (masks > 0) {
      arguments.add((long) masks);
      arguments.add((long) hidden);
    }
    arguments.add(line.inputChannels().stream().map(c -> (Object) c.longValue()).toList());
    return arguments;
  }

  /** {@return the head that a module is} */
  public static Head read(ModuleScope scope) {
    int classes = scope.integer("nc", 0);
    int masks = scope.tree().simpleName().equals("Segment") ? scope.integer("nm", 32) : 0;
    ModuleScope list = scope.child("m");
    List<Conv2dParams> levels = new ArrayList<>();
    for (String name : list.childNames()) {
      ModuleScope conv = list.child(name);
      levels.add(conv.conv2d(Activation.IDENTITY));
      conv.requireAllRead();
    }
    if (!scope.hasWeight("anchors")) {
      throw scope.error(
          "it has no anchors: a head without them (YOLOv8 and later) is not supported");
    }
    Weight anchors = scope.weight("anchors");
    Block proto = masks > 0 ? scope.block("proto") : null;
    scope.requireAllRead();
    Head head =
        new Head(
            new HeadLayout((int) anchors.shape().get(1), classes, masks), levels, anchors, proto);
    head.check(scope);
    return head;
  }

  private void check(ModuleScope scope) {
    int classes = layout.classes();
    int masks = layout.masks();
    int channels = layout.anchors() * layout.valuesPerAnchor();
    if (classes < 1 || anchors.shape().rank() != 3 || anchors.shape().get(0) != m.size()) {
      throw scope.error(
          "nc is " + classes + ", anchors are " + anchors.shape() + " for " + m.size() + " levels");
    }
    for (Conv2dParams level : m) {
      if (level.outChannels() != channels) {
        throw scope.error(
            level.weight()
                + " gives "
                + level.outChannels()
                + " numbers a position; "
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

  /** {@return the raw outputs for the maps of all levels} */
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
