package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A cross-stage-partial block with three convolutions. C3, C3x, C3TR, C3SPP, C3Ghost and C3_iRMB
 * differ only in the modules between the first and the third convolution.
 */
record C3(Block cv1, Block cv2, Block cv3, Block m) implements Block {
  static final BlockType TYPE = new BlockType("C3", C3::declare, C3::read);

  /** {@return the block around these modules on its hidden channels} */
  static ModuleTree declare(
      String className, int in, int out, double e, ModuleTree inside, ModuleTree activation) {
    int hidden = (int) (out * e);
    return TorchModules.of(className)
        .child("cv1", Conv.declare(in, hidden, 1, 1, activation))
        .child("cv2", Conv.declare(in, hidden, 1, 1, activation))
        .child("cv3", Conv.declare(2 * hidden, out, 1, 1, activation))
        .child("m", inside)
        .build();
  }

  /** {@return a sequence with one module per repeat of the YAML layer} */
  static ModuleTree repeat(LayerArguments arguments, IntFunction<ModuleTree> module) {
    List<ModuleTree> modules = new ArrayList<>();
    for (int i = 0; i < arguments.repeats(); i++) {
      modules.add(module.apply(i));
    }
    return TorchModules.sequential(modules);
  }

  /** {@code C3, [c2, shortcut=True, g=1, e=0.5]}. */
  static LayerDeclaration declare(LayerArguments arguments) {
    boolean shortcut = arguments.bool(1, "shortcut", true);
    int groups = arguments.integer(2, "groups", 1, 65_536, 1);
    double e = arguments.expansion(3, 0.5);
    int hidden = (int) (arguments.scaledChannels(0) * e);
    return declare(
        arguments,
        "models.common.C3",
        e,
        repeat(arguments, i -> Bottleneck.declareInside(arguments, hidden, shortcut, groups)));
  }

  /** {@return the declaration of a block whose constructor takes the number of repeats} */
  static LayerDeclaration declare(
      LayerArguments arguments, String className, double e, ModuleTree inside) {
    int in = arguments.inChannels();
    int out = arguments.scaledChannels(0);
    ModuleTree tree = declare(className, in, out, e, inside, arguments.defaultActivation());
    return LayerDeclaration.ofRepeated(arguments, tree, out);
  }

  static Block read(ModuleScope scope) {
    if (scope.hasChild("cv4")) {
      // The C3 of v3.x (models.experimental) is a BottleneckCSP of CrossConvs.
      return BottleneckCSP.read(scope);
    }
    return new C3(scope.block("cv1"), scope.block("cv2"), scope.block("cv3"), scope.block("m"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T inner = m.forward(ops, cv1.forward(ops, x));
    return cv3.forward(ops, ops.concat(List.of(inner, cv2.forward(ops, x))));
  }
}
