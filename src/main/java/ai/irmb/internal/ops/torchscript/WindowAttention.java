package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.irmb.ops.WindowGrid;

/**
 * Attention among the positions of each window; q, k, v and the result are partitioned into
 * windows.
 *
 * <p>On a CPU always in single precision: half of the work is a softmax over 49 values, which
 * narrower types make slower. On a GPU in the type of the maps: PyTorch's kernels add and
 * exponentiate in single precision themselves.
 */
record WindowAttention(WindowGrid grid) implements Instruction {
  /** Bounds the attention weights of one chunk of windows, so that they stay in the CPU caches. */
  private static final long MAX_CHUNK_BYTES = 3L << 20;

  @Override
  public void print(InstructionPrinter out) {
    Windows windows = requireNonNull(out.symbol().windows(), "windows");
    long bytesPerWindow = 4L * grid.heads() * windows.positions() * windows.positions();
    if (out.backend().attendsInChunks() && bytesPerWindow <= MAX_CHUNK_BYTES) {
      inChunks(out, windows, (int) (MAX_CHUNK_BYTES / bytesPerWindow));
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
            TorchScript.permute(heads, 0, 2, 1, 3), windows.joinedSizes(n, channels));
    out.result(TorchScript.toNchw(out.backend().fromAttention(joined)));
  }

  /**
   * A few windows at a time, with keys as rows and queries as columns. A channel of ones beside v
   * makes the product also compute the softmax's sums; the division is applied to the result, which
   * has fewer elements (docs/decisions/attention-chunks.md).
   */
  private void inChunks(InstructionPrinter out, Windows windows, int maxWindows) {
    int n = out.symbol().size(0);
    int channels = out.symbol().size(1);
    int all = n * windows.count();
    // Chunks of equal size, so that the last one is not small.
    int chunks = (all + maxWindows - 1) / maxWindows;
    int size = (all + chunks - 1) / chunks;
    String positions = TorchScript.size(windows.positions());
    String q = split(out, 0, windows);
    String k = split(out, 1, windows);
    String v = split(out, 2, windows);
    String result = array(out, "new_empty", v, TorchScript.size(all), positions, channels);
    // Uninitialized: with beta=0, baddbmm does not read it.
    String none =
        array(
            out,
            "new_empty",
            v,
            TorchScript.size((long) size * grid.heads()),
            positions,
            positions);
    String ones =
        array(
            out,
            "new_ones",
            v,
            TorchScript.size(size),
            grid.heads(),
            positions,
            valueChannels(out) + 1L);
    out.loop(
        TorchScript.size(chunks),
        index -> {
          String from = out.let(firstWindow(index, all, chunks));
          String end = firstWindow("torch.add(" + index + ", 1)", all, chunks);
          String count = out.let("torch.sub(" + end + ", " + from + ")");
          attend(out, positions, new Chunk(q, k, v, result, none, ones, from, count));
        });
    String joined = TorchScript.reshape(result, windows.joinedSizes(n, channels));
    out.result(TorchScript.toNchw(out.backend().fromAttention(joined)));
  }

  private static String firstWindow(String chunk, int windows, int chunks) {
    return TorchScript.fill(
        "torch.floordiv(torch.mul(%s, %s), %s)",
        chunk, TorchScript.size(windows), TorchScript.size(chunks));
  }

  private int valueChannels(InstructionPrinter out) {
    return out.symbol().size(1) / grid.heads();
  }

  private static String array(InstructionPrinter out, String maker, String like, Object... sizes) {
    return out.let(TorchScript.fill("torch.%s(%s, %s)", maker, like, TorchScript.sizes(sizes)));
  }

  /** Consecutive windows, and the variables that they are read from and written to. */
  private record Chunk(
      String q,
      String k,
      String v,
      String result,
      String none,
      String ones,
      String from,
      String count) {}

  private void attend(InstructionPrinter out, String positions, Chunk chunk) {
    String matrices = out.let(TorchScript.fill("torch.mul(%s, %s)", chunk.count(), grid.heads()));
    int channels = valueChannels(out);
    String q = out.let(TorchScript.reshape(perHead(chunk.q(), chunk), matrices, positions, -1));
    String k = out.let(TorchScript.reshape(perHead(chunk.k(), chunk), matrices, positions, -1));
    String values = out.let(TorchScript.narrow(chunk.ones(), 0, 0, chunk.count()));
    out.let(
        TorchScript.call(
            "torch.copy_", TorchScript.narrow(values, 3, 0, channels), perHead(chunk.v(), chunk)));
    String v = out.let(TorchScript.view(values, matrices, positions, channels + 1L));
    String scores =
        TorchScript.fill(
            "torch.baddbmm(%s, %s, torch.transpose(%s, 1, 2), beta=0, alpha=%s)",
            TorchScript.narrow(chunk.none(), 0, 0, matrices), k, q, grid.scale());
    String exponentials = out.let("torch.exp_(" + scores + ")");
    String sums =
        out.let(TorchScript.fill("torch.bmm(torch.transpose(%s, 1, 2), %s)", v, exponentials));
    String divisors = out.let(TorchScript.narrow(sums, 1, channels, 1));
    String plain = TorchScript.narrow(sums, 1, 0, channels);
    // The maximum score is not subtracted first, so the exponentials may overflow or underflow.
    String inRange =
        TorchScript.fill(
            "torch.all(torch.logical_and(torch.gt(%s, 1e-20), torch.lt(%s, 1e30)))",
            divisors, divisors);
    String fallback =
        TorchScript.fill(
            "torch.bmm(torch.transpose(%s, 1, 2), torch.softmax(%s, 1))",
            TorchScript.narrow(v, 2, 0, channels), scores);
    String means = out.ifElse(inRange, "torch.div(" + plain + ", " + divisors + ")", fallback);
    String columns = TorchScript.view(means, chunk.count(), grid.heads(), channels, positions);
    String to =
        TorchScript.view(
            TorchScript.narrow(chunk.result(), 0, chunk.from(), chunk.count()),
            chunk.count(),
            positions,
            grid.heads(),
            channels);
    out.let(TorchScript.call("torch.copy_", to, TorchScript.permute(columns, 0, 3, 1, 2)));
  }

  /** {@return the chunk of an input, (windows, heads, positions, channels per head)} */
  private static String perHead(String all, Chunk chunk) {
    return TorchScript.permute(TorchScript.narrow(all, 0, chunk.from(), chunk.count()), 0, 2, 1, 3);
  }

  /** {@return an input as (windows, heads, positions, channels per head)} */
  private String heads(InstructionPrinter out, int index, Windows windows) {
    return out.let(TorchScript.permute(split(out, index, windows), 0, 2, 1, 3));
  }

  /** {@return an input as (windows, positions, heads, channels per head)} */
  private String split(InstructionPrinter out, int index, Windows windows) {
    Symbol input = out.symbol().inputs().get(index);
    String typed = out.backend().toAttention(TorchScript.toNhwc(out.input(index)));
    return out.let(
        TorchScript.reshape(
            typed,
            TorchScript.size((long) input.size(0) * windows.count()),
            TorchScript.size(windows.positions()),
            grid.heads(),
            input.size(1) / grid.heads()));
  }
}
