package ai.irmb.internal.block.yolo;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.ModuleScope;
import ai.irmb.ops.Ops;
import ai.irmb.ops.WindowGrid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inverted residual mobile block: windowed attention, a depthwise convolution, a projection.
 * (N, C, H, W) → (N, C_out, H / stride, W / stride).
 *
 * <p>Source: Zhang and others, "Rethinking Mobile Block for Efficient Attention-based Models"
 * (2023), in the form that {@code iRMB} classes for YOLO have. They differ in what {@code qk},
 * {@code v}, {@code convLocal} and {@code proj} are, which their own modules tell; the order of
 * operations is one.
 *
 * @param qk gives queries and keys, one after the other; null without attention
 * @param grid the windows and heads; null without attention
 * @param attendFirst whether attention mixes the input and {@code v} follows ({@code attn_pre})
 * @param se squeeze and excitation, or nothing
 * @param hasSkip whether both residuals are taken
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
    boolean attends = scope.bool("attn_s", true);
    return new Irmb(
        scope.block("norm"),
        attends ? scope.block("qk") : null,
        scope.block("v"),
        scope.block("conv_local"),
        scope.block("se"),
        scope.block("proj"),
        attends ? grid(scope) : null,
        attends ? channels(scope) : 0,
        attends && scope.bool("attn_pre", false),
        scope.bool("has_skip", true));
  }

  private static WindowGrid grid(ModuleScope scope) {
    int channels = channels(scope);
    int dimHead = scope.integer("dim_head", 0);
    if (dimHead < 1) {
      throw scope.error("it does not say its dim_head, and no weight shows it");
    }
    int heads = scope.integer("num_head", channels / dimHead);
    if (heads < 1 || channels != heads * dimHead) {
      throw scope.error(channels + " channels do not fall into heads of dim_head " + dimHead);
    }
    return new WindowGrid(
        scope.integer("window_size", 7), heads, scope.number("scale", 1 / Math.sqrt(dimHead)));
  }

  /** Half of what {@code qk} gives, in whichever form it comes. */
  private static int channels(ModuleScope scope) {
    ModuleScope qk = scope.child("qk");
    return (int)
        ((qk.hasWeight("weight") ? qk : qk.child("conv")).weight("weight").shape().get(0) / 2);
  }

  @Override
  public <T> T forward(Ops<T> ops, T x) {
    T normed = norm.forward(ops, x);
    T seen = qk == null || grid == null ? v.forward(ops, normed) : attend(ops, normed, qk, grid);
    T local = se.forward(ops, convLocal.forward(ops, seen));
    T out = proj.forward(ops, hasSkip ? ops.add(seen, local) : local);
    return hasSkip ? ops.add(x, out) : out;
  }

  /** Zeros are added after the norm, before q, k and v, and take part in the softmax. */
  private <T> T attend(Ops<T> ops, T normed, Block qk, WindowGrid grid) {
    T map = ops.padToWindows(normed, grid);
    List<T> both = ops.chunk(qk.forward(ops, map), 2, 2 * channels);
    T values = attendFirst ? map : v.forward(ops, map);
    T mixed = ops.windowAttention(both.get(0), both.get(1), values, grid);
    return ops.cropLike(attendFirst ? v.forward(ops, mixed) : mixed, normed);
  }
}
