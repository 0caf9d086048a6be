package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.irmb.ops.WindowGrid;

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
            Code.fill(
                "torch.scaled_dot_product_attention(%s, %s, %s, None, 0., False, scale=%s)",
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
   * A few windows at a time, keys down and queries across: the sums that the weights are divided by
   * then come with the product, from a channel of ones beside v, and the division is left to the
   * end, where there is less to divide.
   */
  private void inRuns(Statement out, Windows windows, int most) {
    int n = out.symbol().size(0);
    int channels = out.symbol().size(1);
    int all = n * windows.count();
    int run = Math.min(most, all);
    String q = split(out, 0, windows);
    String k = split(out, 1, windows);
    String v = split(out, 2, windows);
    String result = array(out, "new_empty", v, all, windows.positions(), channels);
    long matrices = (long) run * grid.heads();
    // Of no content: the product is not added to anything.
    String none = array(out, "new_empty", v, matrices, windows.positions(), windows.positions());
    String ones =
        array(out, "new_ones", v, run, grid.heads(), windows.positions(), valueChannels(out) + 1L);
    int from = 0;
    while (from < all) {
      // An even share, so that the last run is not a small one.
      int runs = (all - from + run - 1) / run;
      int count = (all - from + runs - 1) / runs;
      attend(out, windows, new Run(q, k, v, result, none, ones, from, count));
      from += count;
    }
    String joined = Code.reshape(result, n, windows.count(), windows.positions(), channels);
    out.result(Code.channelsSecond(out.backend().fromFloat(joined)));
  }

  private int valueChannels(Statement out) {
    return out.symbol().size(1) / grid.heads();
  }

  private static String array(Statement out, String maker, String like, long... sizes) {
    return out.let(Code.fill("torch.%s(%s, %s)", maker, like, Code.list(sizes)));
  }

  /** A few windows and the names of what they are read from and written to. */
  private record Run(
      String q, String k, String v, String result, String none, String ones, int from, int count) {}

  private void attend(Statement out, Windows windows, Run run) {
    long matrices = (long) run.count() * grid.heads();
    int positions = windows.positions();
    int channels = valueChannels(out);
    String q = out.let(Code.reshape(byHead(run.q(), run), matrices, positions, -1));
    String k = out.let(Code.reshape(byHead(run.k(), run), matrices, positions, -1));
    String values = out.let(Code.narrow(run.ones(), 0, 0, run.count()));
    out.let(
        Code.fill(
            "torch.copy_(%s, %s)", Code.narrow(values, 3, 0, channels), byHead(run.v(), run)));
    String v = out.let(Code.view(values, matrices, positions, channels + 1L));
    String scores =
        Code.fill(
            "torch.baddbmm(%s, %s, torch.transpose(%s, 1, 2), beta=0, alpha=%s)",
            Code.narrow(run.none(), 0, 0, matrices), k, q, grid.scale());
    String powers = out.let("torch.exp_(" + scores + ")");
    String sums = out.let(Code.fill("torch.bmm(torch.transpose(%s, 1, 2), %s)", v, powers));
    String divisors = out.let(Code.narrow(sums, 1, channels, 1));
    String plain = Code.narrow(sums, 1, 0, channels);
    // Without taking the largest score off first, powers may leave the range of numbers.
    String inRange =
        Code.fill(
            "torch.all(torch.logical_and(torch.gt(%s, 1e-20), torch.lt(%s, 1e30)))",
            divisors, divisors);
    String weighed =
        Code.fill(
            "torch.bmm(torch.transpose(%s, 1, 2), torch.softmax(%s, 1))",
            Code.narrow(v, 2, 0, channels), scores);
    String means = out.either(inRange, "torch.div(" + plain + ", " + divisors + ")", weighed);
    String columns = Code.view(means, run.count(), grid.heads(), channels, positions);
    String to =
        Code.view(
            Code.narrow(run.result(), 0, run.from(), run.count()),
            run.count(),
            positions,
            grid.heads(),
            channels);
    out.let(Code.fill("torch.copy_(%s, %s)", to, Code.permute(columns, 0, 3, 1, 2)));
  }

  /** {@return the run's part of an input, (windows, heads, positions, channels of a head)} */
  private static String byHead(String all, Run run) {
    return Code.permute(Code.narrow(all, 0, run.from(), run.count()), 0, 2, 1, 3);
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
