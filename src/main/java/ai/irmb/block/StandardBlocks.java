package ai.irmb.block;

import java.util.ArrayList;
import java.util.List;

/** The blocks that come with the library: the one list that a new one is added to. */
final class StandardBlocks {
  private StandardBlocks() {}

  static List<BlockType> all() {
    List<BlockType> types = new ArrayList<>(Activations.types());
    convolutions(types);
    crossStagePartial(types);
    irmb(types);
    maps(types);
    types.add(inner("Linear", Maps.Linear::read));
    types.add(inner("NonDynamicallyQuantizableLinear", Maps.Linear::read));
    types.add(inner("Sequential", Sequence::read));
    return List.copyOf(types);
  }

  private static BlockType inner(String className, BlockType.Reader reader) {
    return new BlockType(className, null, reader);
  }

  private static void convolutions(List<BlockType> types) {
    types.add(new BlockType("Conv", Conv::declare, Conv::read));
    types.add(new BlockType("DWConv", Conv::declareDepthwise, Conv::read));
    types.add(new BlockType("Focus", Rearrangements.Focus::declare, Rearrangements.Focus::read));
    types.add(new BlockType("CrossConv", CrossConv::declare, CrossConv::read));
    types.add(new BlockType("GhostConv", Ghosts.GhostConv::declare, Ghosts.GhostConv::read));
    types.add(
        new BlockType(
            "GhostBottleneck", Ghosts.GhostBottleneck::declare, Ghosts.GhostBottleneck::read));
    types.add(new BlockType("MixConv2d", MixConv2d::declare, MixConv2d::read));
    types.add(
        new BlockType(
            "nn.ConvTranspose2d",
            Rearrangements.ConvTranspose2d::declare,
            Rearrangements.ConvTranspose2d::read));
    types.add(
        new BlockType(
            "DWConvTranspose2d",
            Rearrangements.ConvTranspose2d::declareDepthwise,
            Rearrangements.ConvTranspose2d::read));
    types.add(inner("Conv2d", Maps.PlainConv2d::read));
    types.add(inner("ConvNormAct", ConvNormAct::read));
  }

  private static void crossStagePartial(List<BlockType> types) {
    types.add(new BlockType("Bottleneck", Bottleneck::declare, Bottleneck::read));
    types.add(new BlockType("BottleneckCSP", BottleneckCsp::declare, BottleneckCsp::read));
    types.add(new BlockType("C3", C3::declare, C3::read));
    types.add(new BlockType("C3x", CrossConv::declareC3x, C3::read));
    types.add(new BlockType("C3TR", Transformers.TransformerBlock::declareC3, C3::read));
    types.add(new BlockType("C3Ghost", Ghosts.GhostBottleneck::declareC3, C3::read));
    types.add(new BlockType("C3SPP", StandardBlocks::declareC3Spp, C3::read));
    types.add(
        new BlockType(
            "TransformerBlock",
            Transformers.TransformerBlock::declare,
            Transformers.TransformerBlock::read));
    types.add(inner("TransformerLayer", Transformers.TransformerLayer::read));
    types.add(new BlockType("SPP", Pools.Spp::declare, Pools.Spp::read));
    types.add(new BlockType("SPPF", Pools.Sppf::declare, Pools.Sppf::read));
    types.add(new BlockType("Proto", Proto::declare, Proto::read));
  }

  /** {@code C3SPP, [c2, k=(5, 9, 13), n, shortcut, g, e=0.5]}; repeated by a sequence. */
  private static Declared declareC3Spp(LayerLine line) {
    int in = line.inChannels();
    int out = line.scaledChannels(0);
    double e = line.expansion(5, 0.5);
    int hidden = (int) (out * e);
    return new Declared(
        C3.declare(
            "models.common.C3SPP",
            in,
            out,
            e,
            Pools.Spp.declare(line, hidden, hidden, Pools.Spp.kernels(line, 1)),
            line.defaultActivation()),
        out,
        Arguments.of(line, in, out),
        false);
  }

  private static void irmb(List<BlockType> types) {
    types.add(new BlockType("iRMB", IrmbOptions::declare, Irmb::read));
    types.add(new BlockType("C3_iRMB", IrmbWrappers::declareC3, C3::read));
    types.add(new BlockType("C3k_iRMB", IrmbWrappers::declareC3, C3::read));
    types.add(new BlockType("C2f_iRMB", C2f::declare, C2f::read));
    types.add(new BlockType("C3k2_iRMB", IrmbWrappers::declareC3k2, C2f::read));
    types.add(inner("C3k", C3::read));
    types.add(new BlockType("Bottleneck_iRMB", IrmbWrappers::declareBottleneck, Bottleneck::read));
    types.add(inner("BottleneckIRMB", Bottleneck::read));
    types.add(inner("SqueezeExcite", SqueezeExcite::read));
    types.add(inner("SE", SqueezeExcite::readLinear));
    types.add(inner("SELayer", SqueezeExcite::readLinear));
    types.add(inner("LayerNorm2d", Norms.LayerNorm2d::read));
    types.add(inner("InstanceNorm2d", Norms.InstanceNorm2d::read));
  }

  private static void maps(List<BlockType> types) {
    types.add(new BlockType("Concat", Maps.Concat::declare, Maps.Concat::read));
    types.add(new BlockType("nn.Upsample", Maps.Upsample::declare, Maps.Upsample::read));
    types.add(new BlockType("nn.ZeroPad2d", Maps.ZeroPad2d::declare, Maps.ZeroPad2d::read));
    types.add(new BlockType("nn.MaxPool2d", Pools.MaxPool2d::declare, Pools.MaxPool2d::read));
    types.add(
        new BlockType("Contract", Rearrangements.Contract::declare, Rearrangements.Contract::read));
    types.add(new BlockType("Expand", Rearrangements.Expand::declare, Rearrangements.Expand::read));
    types.add(
        new BlockType("nn.BatchNorm2d", StandardBlocks::declareBatchNorm, Norms.BatchNorm2d::read));
    types.add(inner("SyncBatchNorm", Norms.BatchNorm2d::read));
    types.add(
        new BlockType(
            "nn.Identity",
            line -> Declared.of(Modules.identity(), line.inChannels()),
            Maps.Identity::read));
    types.add(inner("Dropout", Maps.Identity::read));
    types.add(inner("DropPath", Maps.Identity::read));
  }

  private static Declared declareBatchNorm(LayerLine line) {
    int channels = line.inChannels();
    return Declared.of(Modules.batchNorm2d(channels), channels, (long) channels);
  }
}
