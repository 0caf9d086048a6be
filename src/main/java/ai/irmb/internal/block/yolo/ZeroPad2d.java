package ai.irmb.internal.block.yolo;

import ai.irmb.block.Attribute;
import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;
import java.util.Collections;
import java.util.List;

/** {@code nn.ZeroPad2d}; the padding is left, right, top, bottom. */
record ZeroPad2d(List<Integer> padding) implements Block {
  static final BlockType TYPE = new BlockType("nn.ZeroPad2d", ZeroPad2d::declare, ZeroPad2d::read);

  private static final int MAX_PADDING = 65_536;

  ZeroPad2d {
    padding = List.copyOf(padding);
  }

  static LayerDeclaration declare(LayerArguments arguments) {
    List<Integer> sides = arguments.integers(0, "padding", 0);
    if (sides.size() != 1 && sides.size() != 4) {
      throw arguments.argumentError(0, "padding", "one or four integers");
    }
    long[] four = new long[4];
    for (int i = 0; i < 4; i++) {
      four[i] = sides.get(sides.size() == 1 ? 0 : i);
    }
    ModuleTree tree =
        TorchModules.of("torch.nn.modules.padding.ZeroPad2d")
            .attribute("padding", Attribute.listOf(four))
            .build();
    return LayerDeclaration.ofLayer(arguments, tree, arguments.inChannels());
  }

  static ZeroPad2d read(ModuleScope scope) {
    List<Integer> sides = scope.integers("padding");
    if (sides.size() == 1) {
      sides = Collections.nCopies(4, sides.get(0));
    }
    if (sides.size() != 4 || sides.stream().anyMatch(side -> side < 0 || side > MAX_PADDING)) {
      throw scope.error("padding: expected four integers, found " + sides);
    }
    return new ZeroPad2d(sides);
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    return ops.zeroPad(x, padding.get(0), padding.get(1), padding.get(2), padding.get(3));
  }
}
