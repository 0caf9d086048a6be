package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Ops;

/** The prototypes of segmentation masks, at twice the resolution of the finest level. */
public record Proto(Block cv1, Block upsample, Block cv2, Block cv3) implements Block {
  static final BlockType TYPE = new BlockType("Proto", Proto::declare, Proto::read);

  /** {@return the module} */
  public static ModuleTree declare(LayerArguments arguments, int in, int hidden, int masks) {
    ModuleTree upsample =
        TorchModules.of("torch.nn.modules.upsampling.Upsample")
            .attribute("scale_factor", 2.0)
            .attribute("mode", "nearest")
            .build();
    return TorchModules.of("models.common.Proto")
        .child("cv1", Conv.declare(in, hidden, 3, 1, arguments.defaultActivation()))
        .child("upsample", upsample)
        .child("cv2", Conv.declare(hidden, hidden, 3, 1, arguments.defaultActivation()))
        .child("cv3", Conv.declare(hidden, masks, 1, 1, arguments.defaultActivation()))
        .build();
  }

  /** {@code Proto, [c_=256, c2=32]}, outside of a head. */
  static LayerDeclaration declare(LayerArguments arguments) {
    int masks = arguments.integer(1, "masks", 1, 65_536, 32);
    int hidden = arguments.integer(0, "channels", 1, 65_536, 256);
    return new LayerDeclaration(
        declare(arguments, arguments.inChannels(), hidden, masks),
        masks,
        arguments.printedFrom(0),
        false);
  }

  static Proto read(ModuleScope scope) {
    return new Proto(
        scope.block("cv1"), scope.block("upsample"), scope.block("cv2"), scope.block("cv3"));
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T large = upsample.forward(ops, cv1.forward(ops, x));
    return cv3.forward(ops, cv2.forward(ops, large));
  }
}
