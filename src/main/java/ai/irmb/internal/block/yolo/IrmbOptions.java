package ai.irmb.internal.block.yolo;

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
    static Body of(LayerArguments arguments, String below) {
      if (arguments.hasWeight(below + "proj.weight")) {
        return B;
      }
      return arguments.hasWeight(below + "proj.bn.weight")
              || arguments.hasWeight(below + "proj.conv.bias")
          ? C
          : A;
    }
  }

  /**
   * {@code iRMB, []}, or the options in order; a whole number in front is output channels, as
   * registrations in upstream's first list have it, and the rest follows the body's signature.
   */
  static LayerDeclaration declare(LayerArguments arguments) {
    String below = arguments.repeats() > 1 ? "0." : "";
    Body body = Body.of(arguments, below);
    int in = arguments.inChannels();
    boolean sized = arguments.isInteger(0);
    int out = sized ? arguments.scaledChannels(0) : in;
    IrmbOptions options;
    if (body == Body.C) {
      options = readC(arguments, sized ? 1 : 0);
    } else {
      // Class A in upstream's first list takes the channels for norm_in, which is then true.
      boolean namedNorm = !sized || body == Body.B || takesChannelsOut(arguments, below);
      options = readA(arguments, namedNorm ? (sized ? 1 : 0) : 1, namedNorm, body);
    }
    return LayerDeclaration.of(options.declare(arguments, in, out, body), out, in, out);
  }

  /**
   * Whether it is the class that takes the channels out before norm_in: a flag then stands where
   * the document's has exp_ratio, or a false norm_in left no keys.
   */
  private static boolean takesChannelsOut(LayerArguments arguments, String below) {
    boolean normless =
        arguments.hasWeight(below + "proj.conv.weight")
            && !arguments.hasWeight(below + "norm.weight")
            && !arguments.hasWeight(below + "norm.norm.weight");
    return arguments.isBool(2)
        || (arguments.argumentCount() == 2 && normless && !arguments.bool(1, "norm_in", true));
  }

  private static IrmbOptions readA(LayerArguments arguments, int first, boolean normIn, Body body) {
    int i = normIn ? first + 1 : first;
    boolean b = body == Body.B;
    int j = b ? i + 3 : i + 4;
    return new IrmbOptions(
        !normIn || arguments.bool(first, "norm_in", true),
        arguments.bool(i, "has_skip", true),
        arguments.number(i + 1, "exp_ratio", 1),
        b ? "bn_2d" : arguments.text(i + 2, "norm_layer", "bn_2d"),
        b
            ? (arguments.bool(i + 2, "act", true) ? "" : "none")
            : arguments.text(i + 3, "act_layer", ""),
        arguments.bool(j, "v_proj", true),
        arguments.integer(j + 1, "dw_ks", 1, 99, 3),
        arguments.integer(j + 2, "stride", 1, 99, 1),
        arguments.integer(j + 3, "dilation", 1, 99, 1),
        arguments.number(j + 4, "se_ratio", 0),
        arguments.integer(j + 5, "dim_head", 1, 65_536, 0),
        arguments.integer(j + 6, "window_size", 0, 65_536, 7),
        arguments.bool(j + 7, "attn_s", true),
        arguments.bool(j + 8, "qkv_bias", false),
        arguments.bool(j + 12, "v_group", false),
        arguments.bool(j + 13, "attn_pre", false));
  }

  private static IrmbOptions readC(LayerArguments arguments, int i) {
    return new IrmbOptions(
        arguments.bool(i + 1, "norm_in", true),
        arguments.bool(i + 2, "has_skip", true),
        arguments.number(i + 3, "exp_ratio", 1),
        "bn_2d",
        "",
        arguments.bool(i + 5, "v_proj", true),
        arguments.integer(i + 6, "dw_ks", 1, 99, 3),
        arguments.integer(i + 7, "stride", 1, 99, 1),
        arguments.integer(i + 8, "dilation", 1, 99, 1),
        arguments.number(i + 9, "se_ratio", 0),
        arguments.integer(i, "dim_head", 1, 65_536, 0),
        arguments.integer(i + 10, "window_size", 0, 65_536, 7),
        arguments.bool(i + 11, "attn_s", true),
        false,
        arguments.bool(i + 15, "v_group", false),
        arguments.bool(i + 16, "attn_pre", false));
  }

  /** {@return the document's, inside of another block} */
  ModuleTree declare(LayerArguments arguments, int channels) {
    return declare(arguments, channels, channels, Body.A);
  }

  /** {@return the one whose keys stand below this prefix} */
  ModuleTree declare(LayerArguments arguments, int channels, String below) {
    return declare(arguments, channels, channels, below);
  }

  /**
   * {@return the one whose keys stand below this prefix, from one number of channels to another}
   */
  ModuleTree declare(LayerArguments arguments, int in, int out, String below) {
    return declare(arguments, in, out, Body.of(arguments, below));
  }

  private ModuleTree declare(LayerArguments arguments, int in, int out, Body body) {
    int head = dimHead == 0 ? body.dimHead : dimHead;
    int mid = (int) (in * expRatio);
    if (mid < 1 || mid > LayerArguments.MAX_CHANNELS) {
      throw arguments.error("exp_ratio " + expRatio + " makes " + mid + " channels of " + in);
    }
    TorchModules.Builder irmb =
        TorchModules.of("models.common.iRMB")
            .attribute("has_skip", (in == out && stride == 1 && hasSkip))
            .attribute("attn_s", attnS)
            .child("norm", normIn ? norm(arguments, normLayer, in) : TorchModules.identity());
    int heads = 1;
    if (attnS) {
      heads = in / head;
      if (in % head != 0) {
        throw arguments.error(
            in + " channels of an iRMB are not a multiple of its dim_head, " + head);
      }
      if (mid % heads != 0) {
        throw arguments.error(
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
          .attribute("scale", Math.pow(head, -0.5))
          .attribute("attn_pre", attnPre)
          .child("qk", pointwise(arguments, body, in, 2 * in, 1, "none"));
    }
    if (attnS || vProj) {
      int groups = attnS && vGroup ? heads : 1;
      if (in % groups != 0 || mid % groups != 0) {
        throw arguments.error(
            "v_group: " + in + " and " + mid + " channels do not fall into " + groups + " groups");
      }
      irmb.child("v", pointwise(arguments, body, in, mid, groups, actLayer));
    } else if (mid != in) {
      throw arguments.error("without v_proj, exp_ratio has to be 1, not " + expRatio);
    } else {
      irmb.child("v", TorchModules.identity());
    }
    return irmb.child("conv_local", depthwise(arguments, body, mid))
        .child("se", seRatio > 0 ? squeeze(arguments, body, mid) : TorchModules.identity())
        .child("proj", projection(body, mid, out))
        .build();
  }

  private ModuleTree norm(LayerArguments arguments, String name, int channels) {
    return switch (name) {
      case "none" -> TorchModules.identity();
      case "bn_2d" -> TorchModules.batchNorm2d(channels);
      case "ln_2d" ->
          TorchModules.of("models.common.LayerNorm2d")
              .child(
                  "norm",
                  TorchModules.of("torch.nn.modules.normalization.LayerNorm")
                      .attribute("eps", OTHER_NORM_EPS)
                      .tensor("weight", channels)
                      .tensor("bias", channels)
                      .build())
              .build();
      case "in_2d" ->
          TorchModules.of("torch.nn.modules.instancenorm.InstanceNorm2d")
              .attribute("eps", OTHER_NORM_EPS)
              .build();
      default ->
          throw arguments.error(
              "norm_layer: expected none, bn_2d, ln_2d or in_2d (the ones that work on maps), found"
                  + " "
                  + name);
    };
  }

  private ModuleTree activation(LayerArguments arguments, Body body, String name) {
    return switch (name.isEmpty() ? body.activation : name) {
      case "none" -> TorchModules.identity();
      case "network" -> arguments.defaultActivation();
      case "relu" -> TorchModules.of("torch.nn.modules.activation.ReLU").build();
      case "relu6" -> TorchModules.of("torch.nn.modules.activation.ReLU6").build();
      case "silu" -> TorchModules.silu();
      default ->
          throw arguments.error("act_layer: expected none, relu, relu6 or silu, found " + name);
    };
  }

  private ModuleTree pointwise(
      LayerArguments arguments, Body body, int in, int out, int groups, String act) {
    Pair one = Pair.of(1);
    switch (body) {
      case B -> {
        ModuleTree conv = TorchModules.conv2d(in, out, one, one, Pair.of(0), one, groups, qkvBias);
        return act.equals("none")
            ? conv
            : TorchModules.sequential(List.of(conv, activation(arguments, body, act)));
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
            activation(arguments, body, act));
      }
    }
  }

  private ModuleTree depthwise(LayerArguments arguments, Body body, int mid) {
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
        .child("act", arguments.defaultActivation())
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

  private ModuleTree squeeze(LayerArguments arguments, Body body, int mid) {
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
        .child("act1", activation(arguments, body, actLayer))
        .child("conv_expand", TorchModules.pointwise(reduced, mid, true))
        .child("gate", TorchModules.of("torch.nn.modules.activation.Sigmoid").build())
        .build();
  }

  /** timm's squeeze width: Python's round, at least 1. */
  private static int squeezed(double width) {
    return (int) Math.max(Math.rint(width), 1);
  }
}
