package ai.irmb.internal.block.yolo;

import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The constructor options of an iRMB, for each {@link Implementation}; creates its modules. {@code
 * dimHead} 0 and {@code actLayer} "" mean the implementation's default. Immutable.
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

  /** The defaults of the constructor. */
  static final IrmbOptions DEFAULTS =
      new IrmbOptions(
          true, true, 1, "bn_2d", "", true, 3, 1, 1, 0, 0, 7, true, false, false, false);

  /** An attribute of declared modules whose {@code dim_head} is the default, for a warning. */
  private static final String ASSUMED_DIM_HEAD = "dim_head_assumed";

  private static final double NORM_EPS = 1e-6;

  /** 0 and all numbers below it mean one window over the entire map. */
  private static final int MIN_WINDOW = Integer.MIN_VALUE;

  /**
   * The names that {@code act_layer} can have, and the classes that they stand for. Those of gelu,
   * tanh, sigmoid and prelu fail in the constructor, so no checkpoint has them.
   */
  private static final Map<String, String> ACTIVATIONS = new TreeMap<>();

  static {
    ACTIVATIONS.put("hmish", "HardMish");
    ACTIVATIONS.put("hsigmoid", "Hardsigmoid");
    ACTIVATIONS.put("hswish", "Hardswish");
    ACTIVATIONS.put("mish", "Mish");
    ACTIVATIONS.put("relu", "ReLU");
    ACTIVATIONS.put("relu6", "ReLU6");
    ACTIVATIONS.put("silu", "SiLU");
    ACTIVATIONS.put("swish", "SiLU");
  }

  /** The classes named iRMB, which differ in their convolutions. */
  enum Implementation {
    /** All convolutions are ConvNormAct. */
    CONV_NORM_ACT(8, "relu"),
    /** {@code nn.Conv2d}, with the network's activation. */
    PLAIN_CONV(16, "network"),
    /** All convolutions are YOLOv5's Conv. */
    YOLO_CONV(32, "none");

    final int dimHead;
    final String activation;

    Implementation(int dimHead, String activation) {
      this.dimHead = dimHead;
      this.activation = activation;
    }

    /**
     * {@return the implementation whose keys the weights have after this prefix; without weights,
     * ConvNormAct}
     */
    static Implementation of(LayerArguments arguments, String prefix) {
      if (arguments.hasWeight(prefix + "proj.weight")) {
        return PLAIN_CONV;
      }
      return arguments.hasWeight(prefix + "proj.bn.weight")
              || arguments.hasWeight(prefix + "proj.conv.bias")
          ? YOLO_CONV
          : CONV_NORM_ACT;
    }
  }

  /**
   * {@code iRMB, []}, or the options in order; if the first one is an integer, it is the number of
   * output channels, as for blocks that are registered in the first list of YOLOv5's {@code
   * parse_model}; the others follow the signature of the implementation.
   */
  static LayerDeclaration declare(LayerArguments arguments) {
    String prefix = arguments.repeats() > 1 ? "0." : "";
    Implementation implementation = Implementation.of(arguments, prefix);
    int in = arguments.inChannels();
    boolean hasChannels = arguments.isInteger(0);
    int out = hasChannels ? arguments.scaledChannels(0) : in;
    IrmbOptions options;
    if (implementation == Implementation.YOLO_CONV) {
      options = readYoloConvOptions(arguments, hasChannels ? 1 : 0);
    } else {
      // In YOLOv5's first list, ConvNormAct's class receives the channels as norm_in, which is then
      // true.
      boolean hasNormIn =
          !hasChannels
              || implementation == Implementation.PLAIN_CONV
              || hasOutputChannelsParameter(arguments, prefix);
      options =
          readOptions(arguments, hasNormIn ? (hasChannels ? 1 : 0) : 1, hasNormIn, implementation);
    }
    List<String> printed = new ArrayList<>(List.of(String.valueOf(in), String.valueOf(out)));
    printed.addAll(arguments.printedFrom(hasChannels ? 1 : 0));
    return new LayerDeclaration(
        options.declare(arguments, in, out, implementation), out, printed, false);
  }

  /**
   * Tests for the constructor that has the output channels before norm_in: the argument at the
   * index of exp_ratio is then a bool and no norm_layer follows it, or norm_in is false and the
   * weights have no norm.
   */
  private static boolean hasOutputChannelsParameter(LayerArguments arguments, String prefix) {
    boolean hasNoNorm =
        arguments.hasWeight(prefix + "proj.conv.weight")
            && !arguments.hasWeight(prefix + "norm.weight")
            && !arguments.hasWeight(prefix + "norm.norm.weight");
    return (arguments.isBool(2) && !arguments.isText(3))
        || (arguments.argumentCount() == 2 && hasNoNorm && !arguments.bool(1, "norm_in", true));
  }

  private static IrmbOptions readOptions(
      LayerArguments arguments, int first, boolean normIn, Implementation implementation) {
    int i = normIn ? first + 1 : first;
    boolean plainConv = implementation == Implementation.PLAIN_CONV;
    int j = plainConv ? i + 3 : i + 4;
    return new IrmbOptions(
        !normIn || arguments.bool(first, "norm_in", true),
        arguments.bool(i, "has_skip", true),
        arguments.number(i + 1, "exp_ratio", 1),
        plainConv ? "bn_2d" : arguments.text(i + 2, "norm_layer", "bn_2d"),
        plainConv
            ? (arguments.bool(i + 2, "act", true) ? "" : "none")
            : arguments.text(i + 3, "act_layer", ""),
        arguments.bool(j, "v_proj", true),
        arguments.integer(j + 1, "dw_ks", 1, 99, 3),
        arguments.integer(j + 2, "stride", 1, 99, 1),
        arguments.integer(j + 3, "dilation", 1, 99, 1),
        arguments.number(j + 4, "se_ratio", 0),
        arguments.integer(j + 5, "dim_head", 1, 65_536, 0),
        arguments.integer(j + 6, "window_size", MIN_WINDOW, 65_536, 7),
        arguments.bool(j + 7, "attn_s", true),
        arguments.bool(j + 8, "qkv_bias", false),
        arguments.bool(j + 12, "v_group", false),
        arguments.bool(j + 13, "attn_pre", false));
  }

  private static IrmbOptions readYoloConvOptions(LayerArguments arguments, int i) {
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
        arguments.integer(i + 10, "window_size", MIN_WINDOW, 65_536, 7),
        arguments.bool(i + 11, "attn_s", true),
        false,
        arguments.bool(i + 15, "v_group", false),
        arguments.bool(i + 16, "attn_pre", false));
  }

  /** {@return a ConvNormAct iRMB inside another block} */
  ModuleTree declare(LayerArguments arguments, int channels) {
    return declare(arguments, channels, channels, Implementation.CONV_NORM_ACT);
  }

  /** {@return the iRMB whose keys the weights have after this prefix} */
  ModuleTree declare(LayerArguments arguments, int channels, String prefix) {
    return declare(arguments, channels, channels, prefix);
  }

  /**
   * {@return the iRMB whose keys the weights have after this prefix, with other output than input
   * channels}
   */
  ModuleTree declare(LayerArguments arguments, int in, int out, String prefix) {
    return declare(arguments, in, out, Implementation.of(arguments, prefix));
  }

  private ModuleTree declare(
      LayerArguments arguments, int in, int out, Implementation implementation) {
    int head = dimHead == 0 ? implementation.dimHead : dimHead;
    int hidden = (int) (in * expRatio);
    if (hidden < 1 || hidden > LayerArguments.MAX_CHANNELS) {
      throw arguments.error(
          "exp_ratio "
              + expRatio
              + " gives "
              + hidden
              + " hidden channels for "
              + in
              + " input channels");
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
      if (hidden % heads != 0) {
        throw arguments.error(
            "exp_ratio "
                + expRatio
                + " gives "
                + hidden
                + " channels, not a multiple of "
                + heads
                + " heads");
      }
      if (dimHead == 0) {
        irmb.attribute(ASSUMED_DIM_HEAD, true);
      }
      irmb.attribute("dim_head", head)
          .attribute("window_size", windowSize)
          .attribute("num_head", heads)
          .attribute("scale", Math.pow(head, -0.5))
          .attribute("attn_pre", attnPre)
          .child("qk", pointwise(arguments, implementation, in, 2 * in, 1, "none"));
    }
    if (attnS || vProj) {
      int groups = attnS && vGroup ? heads : 1;
      if (in % groups != 0 || hidden % groups != 0) {
        throw arguments.error(
            "v_group: "
                + in
                + " and "
                + hidden
                + " channels are not both multiples of "
                + groups
                + " groups");
      }
      irmb.child("v", pointwise(arguments, implementation, in, hidden, groups, actLayer));
    } else if (hidden != in) {
      throw arguments.error("without v_proj, exp_ratio has to be 1, not " + expRatio);
    } else {
      irmb.child("v", TorchModules.identity());
    }
    return irmb.child("conv_local", depthwise(arguments, implementation, hidden))
        .child(
            "se",
            seRatio > 0
                ? squeezeExcite(arguments, implementation, hidden)
                : TorchModules.identity())
        .child("proj", projection(implementation, hidden, out))
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
                      .attribute("eps", NORM_EPS)
                      .tensor("weight", channels)
                      .tensor("bias", channels)
                      .build())
              .build();
      case "in_2d" ->
          TorchModules.of("torch.nn.modules.instancenorm.InstanceNorm2d")
              .attribute("eps", NORM_EPS)
              .build();
      default ->
          throw arguments.error(
              "norm_layer: expected none, bn_2d, ln_2d or in_2d (the norms of feature maps), found"
                  + " "
                  + name);
    };
  }

  private ModuleTree activation(
      LayerArguments arguments, Implementation implementation, String name) {
    String given = name.isEmpty() ? implementation.activation : name;
    return switch (given) {
      case "none" -> TorchModules.identity();
      case "network" -> arguments.defaultActivation();
      default -> {
        String className = ACTIVATIONS.get(given);
        if (className == null) {
          throw arguments.error(
              "act_layer: expected none or one of "
                  + String.join(", ", ACTIVATIONS.keySet())
                  + ", found "
                  + given);
        }
        yield TorchModules.of("torch.nn.modules.activation." + className).build();
      }
    };
  }

  private ModuleTree pointwise(
      LayerArguments arguments,
      Implementation implementation,
      int in,
      int out,
      int groups,
      String act) {
    Pair one = Pair.of(1);
    switch (implementation) {
      case PLAIN_CONV -> {
        ModuleTree conv = TorchModules.conv2d(in, out, one, one, Pair.of(0), one, groups, qkvBias);
        return act.equals("none")
            ? conv
            : TorchModules.sequential(List.of(conv, activation(arguments, implementation, act)));
      }
      case YOLO_CONV -> {
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
            activation(arguments, implementation, act));
      }
    }
  }

  private ModuleTree depthwise(
      LayerArguments arguments, Implementation implementation, int hidden) {
    if (implementation == Implementation.CONV_NORM_ACT) {
      return ConvNormAct.declare(
          hidden,
          hidden,
          dwKs,
          stride,
          dilation,
          hidden,
          false,
          TorchModules.batchNorm2d(hidden),
          TorchModules.silu());
    }
    return TorchModules.of(Conv.CLASS)
        .child(
            "conv",
            TorchModules.conv2d(
                hidden,
                hidden,
                Pair.of(dwKs),
                Pair.of(stride),
                Conv.autoPadding(Pair.of(dwKs), Pair.of(dilation)),
                Pair.of(dilation),
                hidden,
                false))
        .child("bn", TorchModules.batchNorm2d(hidden))
        .child("act", arguments.defaultActivation())
        .build();
  }

  private ModuleTree projection(Implementation implementation, int hidden, int out) {
    return switch (implementation) {
      case CONV_NORM_ACT ->
          ConvNormAct.declare(
              hidden, out, 1, 1, 1, 1, false, TorchModules.identity(), TorchModules.identity());
      case PLAIN_CONV -> TorchModules.pointwise(hidden, out, true);
      case YOLO_CONV -> Conv.declare(hidden, out, 1, 1, TorchModules.identity());
    };
  }

  private ModuleTree squeezeExcite(
      LayerArguments arguments, Implementation implementation, int hidden) {
    if (implementation != Implementation.CONV_NORM_ACT) {
      int reduced = (int) Math.max(1, Math.floor(hidden / seRatio));
      return TorchModules.of("models.common.SE")
          .child(
              "fc",
              TorchModules.sequential(
                  List.of(
                      TorchModules.linear(hidden, reduced, false),
                      TorchModules.of("torch.nn.modules.activation.ReLU").build(),
                      TorchModules.linear(reduced, hidden, false),
                      TorchModules.of("torch.nn.modules.activation.Sigmoid").build())))
          .build();
    }
    int reduced = squeezeWidth(hidden * seRatio);
    return TorchModules.of("timm.models._efficientnet_blocks.SqueezeExcite")
        .child("conv_reduce", TorchModules.pointwise(hidden, reduced, true))
        .child("act1", activation(arguments, implementation, actLayer))
        .child("conv_expand", TorchModules.pointwise(reduced, hidden, true))
        .child("gate", TorchModules.of("torch.nn.modules.activation.Sigmoid").build())
        .build();
  }

  /** The reduced channels of timm's SqueezeExcite: rounded as in Python, at least 1. */
  private static int squeezeWidth(double width) {
    return (int) Math.max(Math.rint(width), 1);
  }
}
