package ai.irmb.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.irmb.ops.WindowGrid;

/**
 * Attention among the positions of each window; q, k, v and the result are cut into windows.
 *
 * <p>In single precision also where the maps are not: half of it is a softmax over 49 numbers,
 * which narrower types make slower, not faster.
 */
record WindowAttention(WindowGrid grid) implements Step {
  @Override
  public void print(Statement out) {
    Windows windows = requireNonNull(out.symbol().windows(), "windows");
    int n = out.symbol().size(0);
    int channels = out.symbol().size(1);
    String heads =
        out.let(
            "torch.scaled_dot_product_attention(%s, %s, %s, None, 0., False, scale=%s)"
                .formatted(heads(out, 0), heads(out, 1), heads(out, 2), grid.scale()));
    String joined =
        Code.reshape(
            Code.permute(heads, 0, 2, 1, 3), n, windows.count(), windows.positions(), channels);
    out.result(Code.channelsSecond(out.backend().fromFloat(joined)));
  }

  /** {@return an input as (windows, heads, positions, channels of a head)} */
  private String heads(Statement out, int index) {
    Symbol input = out.symbol().inputs().get(index);
    Windows windows = requireNonNull(input.windows(), "windows");
    String single = out.backend().toFloat(Code.channelsInnermost(out.input(index)));
    String split =
        Code.reshape(
            single,
            (long) input.size(0) * windows.count(),
            windows.positions(),
            grid.heads(),
            input.size(1) / grid.heads());
    return out.let(Code.permute(split, 0, 2, 1, 3));
  }
}
