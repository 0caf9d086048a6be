package ai.irmb.internal.block;

import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Pair;
import java.util.List;

/**
 * The options of an iRMB's constructor and the modules that they make, for each of its bodies.
 * {@code dimHead} 0 and {@code actLayer} "" stand for the body's own. Immutable.
 */
record IrmbOptions(
    boolean normIn,
    boolean hasSkip,
    double expRatio,
    String normLayer,
    String actLayer,
    boolean vProj,
    int dwKs,
    int stride,
    int dilation,
    double seRatio,
    int dimHead,
    int windowSize,
    boolean attnS,
    boolean qkvBias,
    boolean vGroup,
    boolean attnPre) {

  /** Those of the document. */
  static final IrmbOptions DEFAULTS =
      new IrmbOptions(
          true, true, 1, "bn_2d", "", true, 3, 1, 1, 0, 0, 7, true, false, false, false);

  private static final double OTHER_NORM_EPS = 1e-6;

  /** Which class of the name iRMB it is. */
  enum Body {
    /** The document's: ConvNormAct throughout. */
    A(8, "relu"),
    /** Plain convolutions, activations of the network. */
    B(16, "network"),
    /** YOLO's Conv throughout. */
    C(32, "none");

    final int dimHead;
    final String activation;

    Body(int dimHead, String activation) {
      this.dimHead = dimHead;
      this.activation = activation;
    }

    /** {@return the body whose keys are found below a prefix; the document's without weights} */
    static Body of(LayerArguments line, String below) {
      if (line.hasWeight(below + "proj.weight")) {
        return B;
      }
      return line.hasWeight(below + "proj.bn.weight") || line.hasWeight(below + "proj.conv.bias")
          ? C
          : A;
    }
  }

  /**
   * {@code iRMB, []}, or the options in order; a whole number in front is output channels, as
   * registrations in upstream's first list have it, and the rest follows the body's signature.
   */
  static LayerDeclaration declare(LayerArguments line) {
    String below = line.repeats() > 1 ? "0." : "";
    Body body = Body.of(line, below);
    int in = line.inChannels();
    boolean sized = line.isInteger(0);
    int out = sized ? line.scaledChannels(0) : in;
    IrmbOptions options;
    if (body == Body.C) {
      options = readC(line, sized ? 1 : 0);
    } else {
      // Class A in upstream's first list takes the channels for norm_in, which is then true.
      boolean namedNorm = !sized || body == Body.B || takesChannelsOut(line, below);
      options = readA(line, namedNorm ? (sized ? 1 : 0) : 1, namedNorm, body);
    }
    return new LayerDeclaration(
        options.declare(line, in, out, body), out, List.of((long) in, (long) out), false);
  }

  /**
   * Whether it is the class that takes the channels out before norm_in: a flag then stands where
   * the document's has exp_ratio, or a false norm_in left no keys.
   */
  private static boolean takesChannelsOut(LayerArguments line, String below) {
    boolean normless =
        line.hasWeight(below + "proj.conv.weight")
            && !line.hasWeight(below + "norm.weight")
            && !line.hasWeight(below + "norm.norm.weight");
    return line.isBool(2)
        || (line.argumentCount() == 2 && normless && !line.bool(1, "norm_in", true));
  }

  private static IrmbOptions readA(LayerArguments line, int first, boolean normIn, Body body) {
    int i = normIn ? first + 1 : first;
    boolean b = body == Body.B;
    int j = b ? i + 3 : i + 4;
    return new IrmbOptions(
        !normIn || line.bool(first, "norm_in", true),
        line.bool(i, "has_skip", true),
        line.number(i + 1, "exp_ratio", 1),
        b ? "bn_2d" : line.text(i + 2, "norm_layer", "bn_2d"),
        b ? (line.bool(i + 2, "act", true) ? "" : "none") : line.text(i + 3, "act_layer", ""),
        line.bool(j, "v_proj", true),
        line.integer(j + 1, "dw_ks", 1, 99, 3),
        line.integer(j + 2, "stride", 1, 99, 1),
        line.integer(j + 3, "dilation", 1, 99, 1),
        line.number(j + 4, "se_ratio", 0),
        line.integer(j + 5, "dim_head", 1, 65_536, 0),
        line.integer(j + 6, "window_size", 0, 65_536, 7),
        line.bool(j + 7, "attn_s", true),
        line.bool(j + 8, "qkv_bias", false),
        line.bool(j + 12, "v_group", false),
        line.bool(j + 13, "attn_pre", false));
  }

  private static IrmbOptions readC(LayerArguments line, int i) {
    return new IrmbOptions(
        line.bool(i + 1, "norm_in", true),
        line.bool(i + 2, "has_skip", true),
        line.number(i + 3, "exp_ratio", 1),
        "bn_2d",
        "",
        line.bool(i + 5, "v_proj", true),
        line.integer(i + 6, "dw_ks", 1, 99, 3),
        line.integer(i + 7, "stride", 1, 99, 1),
        line.integer(i + 8, "dilation", 1, 99, 1),
        line.number(i + 9, "se_ratio", 0),
        line.integer(i, "dim_head", 1, 65_536, 0),
        line.integer(i + 10, "window_size", 0, 65_536, 7),
        line.bool(i + 11, "attn_s", true),
        false,
        line.bool(i + 15, "v_group", false),
        line.bool(i + 16, "attn_pre", false));
  }

  /** {@return the document's, inside of another block} */
  ModuleTree declare(LayerArguments line, int channels) {
    return declare(line, channels, channels, Body.A);
  }

  /** {@return the one whose keys stand below this prefix} */
  ModuleTree declare(LayerArguments line, int channels, String below) {
    return declare(line, channels, channels, below);
  }

  /**
   * {@return the one whose keys stand below this prefix, from one number of channels to another}
   */
  ModuleTree declare(LayerArguments line, int in, int out, String below) {
    return declare(line, in, out, Body.of(line, below));
  }

  private ModuleTree declare(LayerArguments line, int in, int out, Body body) {
    int head = dimHead == 0 ? body.dimHead : dimHead;
    int mid = (int) (in * expRatio);
    if (mid < 1 || mid > LayerArguments.MAX_CHANNELS) {
      throw line.error("exp_ratio " + expRatio + " makes " + mid + " channels of " + in);
    }
    TorchModules.Builder irmb =
        TorchModules.of("models.common.iRMB")
            .attribute("has_skip", (Object) (in == out && stride == 1 && hasSkip))
            .attribute("attn_s", (Object) attnS)
            .child("norm", normIn ? norm(line, normLayer, in) : TorchModules.identity());
    int heads = 1;
    if (attnS) {
      heads = in / head;
      if (in % head != 0) {
        throw line.error(in + " channels of an iRMB are not a multiple of its dim_head, " + head);
      }
      if (mid % heads != 0) {
        throw line.error(
            "exp_ratio "
                + expRatio
                + " makes "
                + mid
                + " channels, not a multiple of "
                + heads
                + " heads");
      }
      irmb.attribute("dim_head", head)
          .attribute("window_size", windowSize)
          .attribute("num_head", heads)
          .attribute("scale", (Object) Math.pow(head, -0.5))
          .attribute("attn_pre", (Object) attnPre)
          .child("qk", pointwise(line, body, in, 2 * in, 1, "none"));
    }
    if (attnS || vProj) {
      int groups = attnS && vGroup ? heads : 1;
      if (in % groups != 0 || mid % groups != 0) {
        throw line.error(
            "v_group: " + in + " and " + mid + " channels do not fall into " + groups + " groups");
      }
      irmb.child("v", pointwise(line, body, in, mid, groups, actLayer));
    } else if (mid != in) {
      throw line.error("without v_proj, exp_ratio has to be 1, not " + expRatio);
    } else {
      irmb.child("v", TorchModules.identity());
    }
    return irmb.child("conv_local", depthwise(line, body, mid))
        .child("se", seRatio > 0 ? squeeze(line, body, mid) : TorchModules.identity())
        .child("proj", projection(body, mid, out))
        .build();
  }

  private ModuleTree norm(LayerArguments line, String name, int channels) {
    return switch (name) {
      case "none" -> TorchModules.identity();
      case "bn_2d" -> TorchModules.batchNorm2d(channels);
      case "ln_2d" ->
          TorchModules.of("models.common.LayerNorm2d")
              .child(
                  "norm",
                  TorchModules.of("torch.nn.modules.normalization.LayerNorm")
                      .attribute("eps", (Object) OTHER_NORM_EPS)
                      .tensor("weight", channels)
                      .tensor("bias", channels)
                      .build())
              .build();
      case "in_2d" ->
          TorchModules.of("torch.nn.modules.instancenorm.InstanceNorm2d")
              .attribute("eps", (Object) OTHER_NORM_EPS)
              .build();
      default ->
          throw line.error(
              "norm_layer: expected none, bn_2d, ln_2d or in_2d (the ones that work on maps), found"
                  + " "
                  + name);
    };
  }

  private ModuleTree activation(LayerArguments line, Body body, String name) {
    return switch (name.isEmpty() ? body.activation : name) {
      case "none" -> TorchModules.identity();
      case "network" -> line.defaultActivation();
      case "relu" -> TorchModules.of("torch.nn.modules.activation.ReLU").build();
      case "relu6" -> TorchModules.of("torch.nn.modules.activation.ReLU6").build();
      case "silu" -> TorchModules.silu();
      default -> throw line.error("act_layer: expected none, relu, relu6 or silu, found " + name);
    };
  }

  private ModuleTree pointwise(
      LayerArguments line, Body body, int in, int out, int groups, String act) {
    Pair one = Pair.of(1);
    switch (body) {
      case B -> {
        ModuleTree conv = TorchModules.conv2d(in, out, one, one, Pair.of(0), one, groups, qkvBias);
        return act.equals("none")
            ? conv
            : TorchModules.sequential(List.of(conv, activation(line, body, act)));
      }
      case C -> {
        return Conv.declare(in, out, one, one, groups, TorchModules.identity());
      }
      default -> {
        return ConvNormAct.declare(
            in,
            out,
            1,
            1,
            1,
            groups,
            qkvBias,
            TorchModules.identity(),
            activation(line, body, act));
      }
    }
  }

  private ModuleTree depthwise(LayerArguments line, Body body, int mid) {
    if (body == Body.A) {
      return ConvNormAct.declare(
          mid,
          mid,
          dwKs,
          stride,
          dilation,
          mid,
          false,
          TorchModules.batchNorm2d(mid),
          TorchModules.silu());
    }
    return TorchModules.of(Conv.CLASS)
        .child(
            "conv",
            TorchModules.conv2d(
                mid,
                mid,
                Pair.of(dwKs),
                Pair.of(stride),
                Conv.autoPadding(Pair.of(dwKs), Pair.of(dilation)),
                Pair.of(dilation),
                mid,
                false))
        .child("bn", TorchModules.batchNorm2d(mid))
        .child("act", line.defaultActivation())
        .build();
  }

  private ModuleTree projection(Body body, int mid, int out) {
    return switch (body) {
      case A ->
          ConvNormAct.declare(
              mid, out, 1, 1, 1, 1, false, TorchModules.identity(), TorchModules.identity());
      case B -> TorchModules.pointwise(mid, out, true);
      case C -> Conv.declare(mid, out, 1, 1, TorchModules.identity());
    };
  }

  private ModuleTree squeeze(LayerArguments line, Body body, int mid) {
    if (body != Body.A) {
      int reduced = (int) Math.max(1, Math.floor(mid / seRatio));
      return TorchModules.of("models.common.SE")
          .child(
              "fc",
              TorchModules.sequential(
                  List.of(
                      TorchModules.linear(mid, reduced, false),
                      TorchModules.of("torch.nn.modules.activation.ReLU").build(),
                      TorchModules.linear(reduced, mid, false),
                      TorchModules.of("torch.nn.modules.activation.Sigmoid").build())))
          .build();
    }
    int reduced = squeezed(mid * seRatio);
    return TorchModules.of("timm.models._efficientnet_blocks.SqueezeExcite")
        .child("conv_reduce", TorchModules.pointwise(mid, reduced, true))
        .child("act1", activation(line, body, actLayer))
        .child("conv_expand", TorchModules.pointwise(reduced, mid, true))
        .child("gate", TorchModules.of("torch.nn.modules.activation.Sigmoid").build())
        .build();
  }

  /** timm's squeeze width: Python's round, at least 1. */
  private static int squeezed(double width) {
    return (int) Math.max(Math.rint(width), 1);
  }
}
