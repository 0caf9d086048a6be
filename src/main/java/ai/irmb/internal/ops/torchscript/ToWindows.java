package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.irmb.ops.Weight;
import java.util.List;

/**
 * Partition of a map into windows, with zeros at the right and bottom, in one copy that also
 * applies a preceding batch norm.
 *
 * @param norm scale and shift per channel, or empty
 */
record ToWindows(List<Weight> norm) implements Instruction {
  @Override
  public void print(InstructionPrinter out) {
    Windows windows = requireNonNull(out.symbol().windows(), "windows");
    Symbol source = out.symbol().inputs().get(0);
    int n = source.size(0);
    int c = source.size(1);
    String x = out.let(TorchScript.toNhwc(out.input(0)));
    List<WindowTiles.Tile> tiles = WindowTiles.of(windows, source.size(2), source.size(3));
    boolean padded = !tiles.get(0).coversAll(windows);
    String buffer =
        out.let(
            TorchScript.fill(
                "torch.%s(%s, %s)",
                padded ? "new_zeros" : "new_empty", x, TorchScript.sizes(windows.sizes(n, c))));
    for (WindowTiles.Tile tile : tiles) {
      String from = tile.viewOfMap(x, n, c);
      String to = tile.viewOfWindows(buffer);
      out.let(norm.isEmpty() ? "torch.copy_(" + to + ", " + from + ")" : normed(out, from, to));
    }
    out.result(TorchScript.toNchw(TorchScript.reshape(buffer, windows.joinedSizes(n, c))));
  }

  private String normed(InstructionPrinter out, String from, String to) {
    return TorchScript.fill(
        "torch.addcmul(%s, %s, %s, value=1, out=%s)",
        out.weight(WeightExpression.unchanged(norm.get(1))),
        from,
        out.weight(WeightExpression.unchanged(norm.get(0))),
        to);
  }
}
