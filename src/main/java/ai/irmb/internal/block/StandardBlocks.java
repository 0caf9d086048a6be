package ai.irmb.internal.block;

import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.TorchModules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that come with the library. A new one is added to a list of names, and to what the
 * name stands for: that is linked when a network has the block, since a cold start would wait for
 * all of them.
 */
final class StandardBlocks {
  /** What a YAML row may name. */
  static final Set<String> ROWS =
      Set.of(
          "Conv",
          "DWConv",
          "Focus",
          "CrossConv",
          "GhostConv",
          "GhostBottleneck",
          "MixConv2d",
          "nn.ConvTranspose2d",
          "DWConvTranspose2d",
          "Bottleneck",
          "BottleneckCSP",
          "C3",
          "C3x",
          "C3TR",
          "C3Ghost",
          "C3SPP",
          "TransformerBlock",
          "SPP",
          "SPPF",
          "Proto",
          "iRMB",
          "C3_iRMB",
          "C3k_iRMB",
          "C2f_iRMB",
          "C3k2_iRMB",
          "Bottleneck_iRMB",
          "Concat",
          "nn.Upsample",
          "nn.ZeroPad2d",
          "nn.MaxPool2d",
          "Contract",
          "Expand",
          "nn.BatchNorm2d",
          "nn.Identity");

  /** Classes that are found only inside others, beside the activations. */
  static final List<String> INNER =
      List.of(
          "Conv2d",
          "ConvNormAct",
          "TransformerLayer",
          "C3k",
          "BottleneckIRMB",
          "SqueezeExcite",
          "SE",
          "SELayer",
          "LayerNorm2d",
          "InstanceNorm2d",
          "SyncBatchNorm",
          "Dropout",
          "DropPath",
          "Linear",
          "NonDynamicallyQuantizableLinear",
          "Sequential");

  /** The names by Python class. */
  private static final Map<String, String> CLASSES = new HashMap<>();

  static {
    ROWS.forEach(name -> CLASSES.put(BlockType.className(name), name));
    INNER.forEach(name -> CLASSES.put(name, name));
  }

  private StandardBlocks() {}

  /** {@return the block of a Python class, or null if there is none} */
  static @Nullable BlockType ofClass(String className) {
    String name = CLASSES.get(className);
    if (name == null && Activations.isKnown(className)) {
      return inner(className, Activations::block);
    }
    return name == null ? null : of(name);
  }

  /** {@return the block of this name, one of the lists'} */
  static BlockType of(String name) {
    return switch (name) {
      case "Conv" -> new BlockType(name, Conv::declare, Conv::read);
      case "DWConv" -> new BlockType(name, Conv::declareDepthwise, Conv::read);
      case "Focus" ->
          new BlockType(name, Rearrangements.Focus::declare, Rearrangements.Focus::read);
      case "CrossConv" -> new BlockType(name, CrossConv::declare, CrossConv::read);
      case "GhostConv" -> new BlockType(name, Ghosts.GhostConv::declare, Ghosts.GhostConv::read);
      case "GhostBottleneck" ->
          new BlockType(name, Ghosts.GhostBottleneck::declare, Ghosts.GhostBottleneck::read);
      case "MixConv2d" -> new BlockType(name, MixConv2d::declare, MixConv2d::read);
      case "nn.ConvTranspose2d" ->
          new BlockType(
              name, Rearrangements.ConvTranspose2d::declare, Rearrangements.ConvTranspose2d::read);
      case "DWConvTranspose2d" ->
          new BlockType(
              name,
              Rearrangements.ConvTranspose2d::declareDepthwise,
              Rearrangements.ConvTranspose2d::read);
      case "Conv2d" -> inner(name, Maps.PlainConv2d::read);
      case "ConvNormAct" -> inner(name, ConvNormAct::read);
      case "Bottleneck" -> new BlockType(name, Bottleneck::declare, Bottleneck::read);
      case "BottleneckCSP" -> new BlockType(name, BottleneckCsp::declare, BottleneckCsp::read);
      case "C3" -> new BlockType(name, C3::declare, C3::read);
      case "C3x" -> new BlockType(name, CrossConv::declareC3x, C3::read);
      case "C3TR" -> new BlockType(name, Transformers.TransformerBlock::declareC3, C3::read);
      case "C3Ghost" -> new BlockType(name, Ghosts.GhostBottleneck::declareC3, C3::read);
      case "C3SPP" -> new BlockType(name, StandardBlocks::declareC3Spp, C3::read);
      case "TransformerBlock" ->
          new BlockType(
              name, Transformers.TransformerBlock::declare, Transformers.TransformerBlock::read);
      case "TransformerLayer" -> inner(name, Transformers.TransformerLayer::read);
      case "SPP" -> new BlockType(name, Pools.Spp::declare, Pools.Spp::read);
      case "SPPF" -> new BlockType(name, Pools.Sppf::declare, Pools.Sppf::read);
      case "Proto" -> new BlockType(name, Proto::declare, Proto::read);
      case "iRMB" -> new BlockType(name, IrmbOptions::declare, Irmb::read);
      case "C3_iRMB" -> new BlockType(name, IrmbWrappers::declareC3, C3::read);
      case "C3k_iRMB" -> new BlockType(name, IrmbWrappers::declareC3, C3::read);
      case "C2f_iRMB" -> new BlockType(name, C2f::declare, C2f::read);
      case "C3k2_iRMB" -> new BlockType(name, IrmbWrappers::declareC3k2, C2f::read);
      case "C3k" -> inner(name, C3::read);
      case "Bottleneck_iRMB" ->
          new BlockType(name, IrmbWrappers::declareBottleneck, Bottleneck::read);
      case "BottleneckIRMB" -> inner(name, Bottleneck::read);
      case "SqueezeExcite" -> inner(name, SqueezeExcite::read);
      case "SE" -> inner(name, SqueezeExcite::readLinear);
      case "SELayer" -> inner(name, SqueezeExcite::readLinear);
      case "LayerNorm2d" -> inner(name, Norms.LayerNorm2d::read);
      case "InstanceNorm2d" -> inner(name, Norms.InstanceNorm2d::read);
      case "Concat" -> new BlockType(name, Maps.Concat::declare, Maps.Concat::read);
      case "nn.Upsample" -> new BlockType(name, Maps.Upsample::declare, Maps.Upsample::read);
      case "nn.ZeroPad2d" -> new BlockType(name, Maps.ZeroPad2d::declare, Maps.ZeroPad2d::read);
      case "nn.MaxPool2d" -> new BlockType(name, Pools.MaxPool2d::declare, Pools.MaxPool2d::read);
      case "Contract" ->
          new BlockType(name, Rearrangements.Contract::declare, Rearrangements.Contract::read);
      case "Expand" ->
          new BlockType(name, Rearrangements.Expand::declare, Rearrangements.Expand::read);
      case "nn.BatchNorm2d" ->
          new BlockType(name, StandardBlocks::declareBatchNorm, Norms.BatchNorm2d::read);
      case "SyncBatchNorm" -> inner(name, Norms.BatchNorm2d::read);
      case "nn.Identity" ->
          new BlockType(name, StandardBlocks::declareIdentity, Maps.Identity::read);
      case "Dropout" -> inner(name, Maps.Identity::read);
      case "DropPath" -> inner(name, Maps.Identity::read);
      case "Linear" -> inner(name, Maps.Linear::read);
      case "NonDynamicallyQuantizableLinear" -> inner(name, Maps.Linear::read);
      case "Sequential" -> inner(name, Sequence::read);

      default -> throw new IllegalArgumentException(name + " stands for no block");
    };
  }

  private static BlockType inner(String className, BlockType.Reader reader) {
    return new BlockType(className, null, reader);
  }

  /** {@code C3SPP, [c2, k=(5, 9, 13), n, shortcut, g, e=0.5]}; repeated by a sequence. */
  private static LayerDeclaration declareC3Spp(LayerArguments line) {
    int in = line.inChannels();
    int out = line.scaledChannels(0);
    double e = line.expansion(5, 0.5);
    int hidden = (int) (out * e);
    return new LayerDeclaration(
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

  private static LayerDeclaration declareIdentity(LayerArguments line) {
    return LayerDeclaration.of(TorchModules.identity(), line.inChannels());
  }

  private static LayerDeclaration declareBatchNorm(LayerArguments line) {
    int channels = line.inChannels();
    return LayerDeclaration.of(TorchModules.batchNorm2d(channels), channels, (long) channels);
  }
}
