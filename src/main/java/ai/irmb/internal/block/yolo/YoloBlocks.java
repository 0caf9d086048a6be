package ai.irmb.internal.block.yolo;

import ai.irmb.block.BlockType;
import java.util.List;

/** The blocks that the library contains, except activations. To add a block, add its type here. */
public final class YoloBlocks {
  /** All types. */
  public static final List<BlockType> ALL =
      List.of(
          AvgPool2d.TYPE,
          BatchNorm2d.TYPE,
          Bottleneck.TYPE,
          BottleneckCSP.TYPE,
          BottleneckIrmb.TYPE,
          C2fIrmb.TYPE,
          C3.TYPE,
          C3Ghost.TYPE,
          C3Irmb.TYPE,
          C3k2Irmb.TYPE,
          C3kIrmb.TYPE,
          C3SPP.TYPE,
          C3TR.TYPE,
          C3x.TYPE,
          Concat.TYPE,
          Contract.TYPE,
          Conv.TYPE,
          Conv2d.TYPE,
          ConvNormAct.TYPE,
          ConvTranspose2d.TYPE,
          CrossConv.TYPE,
          DWConv.TYPE,
          DWConvTranspose2d.TYPE,
          Expand.TYPE,
          Focus.TYPE,
          GhostBottleneck.TYPE,
          GhostConv.TYPE,
          Identity.TYPE,
          Identity.dropout("AlphaDropout"),
          Identity.dropout("Dropout"),
          Identity.dropout("Dropout2d"),
          Identity.dropout("FeatureAlphaDropout"),
          InstanceNorm2d.TYPE,
          Irmb.TYPE,
          LayerNorm2d.TYPE,
          Linear.TYPE,
          MaxPool2d.TYPE,
          MixConv2d.TYPE,
          Proto.TYPE,
          Sequential.TYPE,
          SPP.TYPE,
          SPPF.TYPE,
          SqueezeExcite.TYPE,
          TransformerBlock.TYPE,
          TransformerLayer.TYPE,
          Upsample.TYPE,
          Upsample.NEAREST,
          Upsample.BILINEAR,
          ZeroPad2d.TYPE,
          // Other class names of the same modules.
          BlockType.inner("BottleneckIRMB", Bottleneck::read),
          BlockType.inner("C3k", C3::read),
          BlockType.inner("DropPath", Identity::read),
          BlockType.inner("NonDynamicallyQuantizableLinear", Linear::read),
          BlockType.inner("SE", SqueezeExcite::readLinear),
          BlockType.inner("SELayer", SqueezeExcite::readLinear),
          BlockType.inner("SyncBatchNorm", BatchNorm2d::read));

  private YoloBlocks() {}
}
