package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.irmb.ops.WindowGrid;

/**
 * Attention among the positions of each window; q, k, v and the result are cut into windows.
 *
 * <p>In single precision also where the maps are not: half of it is a softmax over 49 numbers,
 * which narrower types make slower, not faster.
 */
record WindowAttention(WindowGrid grid) implements Instruction {
  /** What the weights of one run of windows may fill, so that they stay in the caches. */
  private static final long MAX_CHUNK_BYTES = 3L << 20;

  @Override
  public void print(InstructionPrinter out) {
    Windows windows = requireNonNull(out.symbol().windows(), "windows");
    long each = 4L * grid.heads() * windows.positions() * windows.positions();
    if (out.backend().attendsInChunks() && each <= MAX_CHUNK_BYTES) {
      inChunks(out, windows, (int) (MAX_CHUNK_BYTES / each));
    } else {
      atOnce(out, windows);
    }
  }

  private void atOnce(InstructionPrinter out, Windows windows) {
    int n = out.symbol().size(0);
    int channels = out.symbol().size(1);
    String heads =
        out.let(
            TorchScript.fill(
                "torch.scaled_dot_product_attention(%s, %s, %s, None, 0., False, scale=%s)",
                heads(out, 0, windows),
                heads(out, 1, windows),
                heads(out, 2, windows),
                grid.scale()));
    String joined =
        TorchScript.reshape(
            TorchScript.permute(heads, 0, 2, 1, 3),
            n,
            windows.count(),
            windows.positions(),
            channels);
    out.result(TorchScript.toNchw(out.backend().fromFloat(joined)));
  }

  /**
   * A few windows at a time, keys down and queries across: the sums that the weights are divided by
   * then come with the product, from a channel of ones beside v, and the division is left to the
   * end, where there is less to divide.
   */
  private void inChunks(InstructionPrinter out, Windows windows, int most) {
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
      attend(out, windows, new Chunk(q, k, v, result, none, ones, from, count));
      from += count;
    }
    String joined = TorchScript.reshape(result, n, windows.count(), windows.positions(), channels);
    out.result(TorchScript.toNchw(out.backend().fromFloat(joined)));
  }

  private int valueChannels(InstructionPrinter out) {
    return out.symbol().size(1) / grid.heads();
  }

  private static String array(InstructionPrinter out, String maker, String like, long... sizes) {
    return out.let(TorchScript.fill("torch.%s(%s, %s)", maker, like, TorchScript.list(sizes)));
  }

  /** A few windows and the names of what they are read from and written to. */
  private record Chunk(
      String q, String k, String v, String result, String none, String ones, int from, int count) {}

  private void attend(InstructionPrinter out, Windows windows, Chunk run) {
    long matrices = (long) run.count() * grid.heads();
    int positions = windows.positions();
    int channels = valueChannels(out);
    String q = out.let(TorchScript.reshape(perHead(run.q(), run), matrices, positions, -1));
    String k = out.let(TorchScript.reshape(perHead(run.k(), run), matrices, positions, -1));
    String values = out.let(TorchScript.narrow(run.ones(), 0, 0, run.count()));
    out.let(
        TorchScript.call(
            "torch.copy_", TorchScript.narrow(values, 3, 0, channels), perHead(run.v(), run)));
    String v = out.let(TorchScript.view(values, matrices, positions, channels + 1L));
    String scores =
        TorchScript.fill(
            "torch.baddbmm(%s, %s, torch.transpose(%s, 1, 2), beta=0, alpha=%s)",
            TorchScript.narrow(run.none(), 0, 0, matrices), k, q, grid.scale());
    String powers = out.let("torch.exp_(" + scores + ")");
    String sums = out.let(TorchScript.fill("torch.bmm(torch.transpose(%s, 1, 2), %s)", v, powers));
    String divisors = out.let(TorchScript.narrow(sums, 1, channels, 1));
    String plain = TorchScript.narrow(sums, 1, 0, channels);
    // Without taking the largest score off first, powers may leave the range of numbers.
    String inRange =
        TorchScript.fill(
            "torch.all(torch.logical_and(torch.gt(%s, 1e-20), torch.lt(%s, 1e30)))",
            divisors, divisors);
    String weighed =
        TorchScript.fill(
            "torch.bmm(torch.transpose(%s, 1, 2), torch.softmax(%s, 1))",
            TorchScript.narrow(v, 2, 0, channels), scores);
    String means = out.ifElse(inRange, "torch.div(" + plain + ", " + divisors + ")", weighed);
    String columns = TorchScript.view(means, run.count(), grid.heads(), channels, positions);
    String to =
        TorchScript.view(
            TorchScript.narrow(run.result(), 0, run.from(), run.count()),
            run.count(),
            positions,
            grid.heads(),
            channels);
    out.let(TorchScript.call("torch.copy_", to, TorchScript.permute(columns, 0, 3, 1, 2)));
  }

  /** {@return the run's part of an input, (windows, heads, positions, channels of a head)} */
  private static String perHead(String all, Chunk run) {
    return TorchScript.permute(TorchScript.narrow(all, 0, run.from(), run.count()), 0, 2, 1, 3);
  }

  /** {@return an input as (windows, heads, positions, channels of a head)} */
  private String heads(InstructionPrinter out, int index, Windows windows) {
    return out.let(TorchScript.permute(split(out, index, windows), 0, 2, 1, 3));
  }

  /** {@return an input as (windows, positions, heads, channels of a head)} */
  private String split(InstructionPrinter out, int index, Windows windows) {
    Symbol input = out.symbol().inputs().get(index);
    String single = out.backend().toFloat(TorchScript.toNhwc(out.input(index)));
    return out.let(
        TorchScript.reshape(
            single,
            (long) input.size(0) * windows.count(),
            windows.positions(),
            grid.heads(),
            input.size(1) / grid.heads()));
  }
}
