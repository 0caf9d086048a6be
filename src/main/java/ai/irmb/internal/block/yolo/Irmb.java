package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.ModuleScope;
import ai.irmb.ops.Ops;
import ai.irmb.ops.WindowGrid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inverted residual mobile block: windowed attention, a depthwise convolution and a projection.
 * (N, C, H, W) → (N, C_out, H / stride, W / stride).
 *
 * <p>Source: Zhang and others, "Rethinking Mobile Block for Efficient Attention-based Models"
 * (2023), as the {@code iRMB} classes for YOLO implement it. These classes use different modules
 * for {@code qk}, {@code v}, {@code convLocal} and {@code proj}; the order of operations is the
 * same.
 *
 * @param qk computes queries and keys, concatenated; null without attention
 * @param grid the windows and heads; null without attention
 * @param attendFirst whether attention is applied to the input and {@code v} follows ({@code
 *     attn_pre})
 * @param se squeeze and excitation, or an identity
 * @param hasSkip whether both residuals are added
 */
record Irmb(
    Block norm,
    @Nullable Block qk,
    Block v,
    Block convLocal,
    Block se,
    Block proj,
    @Nullable WindowGrid grid,
    int channels,
    boolean attendFirst,
    boolean hasSkip)
    implements Block {
  static final BlockType TYPE = new BlockType("iRMB", IrmbOptions::declare, Irmb::read);

  static Irmb read(ModuleScope scope) {
    scope.ignore("attn_drop", "proj_drop", "drop_path", "act");
    boolean hasAttention = scope.bool("attn_s", true);
    return new Irmb(
        scope.block("norm"),
        hasAttention ? scope.block("qk") : null,
        scope.block("v"),
        scope.block("conv_local"),
        scope.block("se"),
        scope.block("proj"),
        hasAttention ? grid(scope) : null,
        hasAttention ? channels(scope) : 0,
        hasAttention && scope.bool("attn_pre", false),
        scope.bool("has_skip", true));
  }

  private static WindowGrid grid(ModuleScope scope) {
    int channels = channels(scope);
    int dimHead = scope.integer("dim_head", 0);
    if (dimHead < 1) {
      throw scope.error("the attribute dim_head is missing, and the weights do not determine it");
    }
    int heads = scope.integer("num_head", channels / dimHead);
    if (heads < 1 || channels != heads * dimHead) {
      throw scope.error(
          channels + " channels are not " + heads + " heads with dim_head " + dimHead);
    }
    return new WindowGrid(
        scope.integer("window_size", 7), heads, scope.number("scale", 1 / Math.sqrt(dimHead)));
  }

  /** Half of the output channels of {@code qk}, a convolution or a module with one inside. */
  private static int channels(ModuleScope scope) {
    ModuleScope qk = scope.child("qk");
    return (int)
        ((qk.hasWeight("weight") ? qk : qk.child("conv")).weight("weight").shape().get(0) / 2);
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T normalized = norm.forward(ops, x);
    T attended =
        qk == null || grid == null ? v.forward(ops, normalized) : attend(ops, normalized, qk, grid);
    T local = se.forward(ops, convLocal.forward(ops, attended));
    T out = proj.forward(ops, hasSkip ? ops.add(attended, local) : local);
    return hasSkip ? ops.add(x, out) : out;
  }

  /**
   * Pads after the norm and before q, k and v: as in the reference, the zeros take part in the
   * softmax.
   */
  private <T> T attend(Ops<T> ops, T normalized, Block qk, WindowGrid grid) {
    T map = ops.padToWindows(normalized, grid);
    List<T> queriesAndKeys = ops.chunk(qk.forward(ops, map), 2, 2 * channels);
    T values = attendFirst ? map : v.forward(ops, map);
    T attended = ops.windowAttention(queriesAndKeys.get(0), queriesAndKeys.get(1), values, grid);
    return ops.cropLike(attendFirst ? v.forward(ops, attended) : attended, normalized);
  }
}
