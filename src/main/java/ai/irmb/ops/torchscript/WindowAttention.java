package ai.irmb.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.irmb.ops.WindowGrid;
import java.util.List;

/**
 * Attention among the positions of each window; q, k, v and the result are cut into windows.
 *
 * <p>In single precision also where the maps are not: half of it is a softmax over 49 numbers,
 * which narrower types make slower, not faster.
 */
record WindowAttention(WindowGrid grid) implements Step {
  /** What the weights of one run of windows may fill, so that they stay in the caches. */
  private static final long RUN_BYTES = 3L << 20;

  @Override
  public void print(Statement out) {
    Windows windows = requireNonNull(out.symbol().windows(), "windows");
    long each = 4L * grid.heads() * windows.positions() * windows.positions();
    if (out.backend().attendsInRuns() && each <= RUN_BYTES) {
      inRuns(out, windows, (int) (RUN_BYTES / each));
    } else {
      atOnce(out, windows);
    }
  }

  private void atOnce(Statement out, Windows windows) {
    int n = out.symbol().size(0);
    int channels = out.symbol().size(1);
    String heads =
        out.let(
            "torch.scaled_dot_product_attention(%s, %s, %s, None, 0., False, scale=%s)"
                .formatted(
                    heads(out, 0, windows),
                    heads(out, 1, windows),
                    heads(out, 2, windows),
                    grid.scale()));
    String joined =
        Code.reshape(
            Code.permute(heads, 0, 2, 1, 3), n, windows.count(), windows.positions(), channels);
    out.result(Code.channelsSecond(out.backend().fromFloat(joined)));
  }

  /**
   * A few windows at a time, keys down and queries across: the softmax then runs along the columns,
   * which the engine does many at once, and the product with v needs no turn either.
   */
  private void inRuns(Statement out, Windows windows, int most) {
    int n = out.symbol().size(0);
    int channels = out.symbol().size(1);
    int all = n * windows.count();
    int run = Math.min(most, all);
    String q = split(out, 0, windows);
    String k = split(out, 1, windows);
    String v = split(out, 2, windows);
    String result =
        out.let(
            "torch.new_empty(%s, %s)"
                .formatted(
                    v, Code.list(all, windows.positions(), grid.heads(), channels / grid.heads())));
    String buffer =
        out.let(
            "torch.new_empty(%s, %s)"
                .formatted(
                    v,
                    Code.list(
                        (long) run * grid.heads(), windows.positions(), windows.positions())));
    int from = 0;
    while (from < all) {
      // An even share, so that the last run is not a small one.
      int runs = (all - from + run - 1) / run;
      int count = (all - from + runs - 1) / runs;
      attend(out, windows, List.of(q, k, v), result, buffer, from, count);
      from += count;
    }
    String joined = Code.reshape(result, n, windows.count(), windows.positions(), channels);
    out.result(Code.channelsSecond(out.backend().fromFloat(joined)));
  }

  private void attend(
      Statement out,
      Windows windows,
      List<String> qkv,
      String result,
      String buffer,
      int from,
      int count) {
    long matrices = (long) count * grid.heads();
    int positions = windows.positions();
    List<String> parts =
        qkv.stream()
            .map(
                all ->
                    Code.reshape(
                        Code.permute(Code.narrow(all, 0, from, count), 0, 2, 1, 3),
                        matrices,
                        positions,
                        -1))
            .toList();
    String scores =
        out.let(
            "torch.baddbmm(%s, %s, torch.transpose(%s, 1, 2), beta=0, alpha=%s)"
                .formatted(
                    Code.narrow(buffer, 0, 0, matrices), parts.get(1), parts.get(0), grid.scale()));
    String weights = out.let("torch.softmax(" + scores + ", 1)");
    String sums =
        out.let("torch.bmm(torch.transpose(%s, 1, 2), %s)".formatted(parts.get(2), weights));
    String columns = Code.view(sums, count, grid.heads(), -1, positions);
    out.let(
        "torch.copy_(%s, %s)"
            .formatted(Code.narrow(result, 0, from, count), Code.permute(columns, 0, 3, 1, 2)));
  }

  /** {@return an input as (windows, heads, positions, channels of a head)} */
  private String heads(Statement out, int index, Windows windows) {
    return out.let(Code.permute(split(out, index, windows), 0, 2, 1, 3));
  }

  /** {@return an input as (windows, positions, heads, channels of a head)} */
  private String split(Statement out, int index, Windows windows) {
    Symbol input = out.symbol().inputs().get(index);
    String single = out.backend().toFloat(Code.channelsInnermost(out.input(index)));
    return out.let(
        Code.reshape(
            single,
            (long) input.size(0) * windows.count(),
            windows.positions(),
            grid.heads(),
            input.size(1) / grid.heads()));
  }
}
