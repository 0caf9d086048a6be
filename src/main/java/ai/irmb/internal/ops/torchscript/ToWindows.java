package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.irmb.ops.Weight;
import java.util.List;

/**
 * Zero padding at the right and bottom and the cut into windows, in one pass over the map, which is
 * scaled and shifted (batch norm) on the way where the step has the numbers for it.
 *
 * @param norm scale and shift, one number a channel each, or nothing
 */
record ToWindows(List<Weight> norm) implements Instruction {
  @Override
  public void print(InstructionPrinter out) {
    Windows windows = requireNonNull(out.symbol().windows(), "windows");
    Symbol source = out.symbol().inputs().get(0);
    int n = source.size(0);
    int c = source.size(1);
    String x = out.let(TorchScript.toNhwc(out.input(0)));
    List<WindowTiles.Tile> pieces = WindowTiles.of(windows, source.size(2), source.size(3));
    boolean padded = !pieces.get(0).coversAll(windows);
    String buffer =
        out.let(
            TorchScript.fill(
                "torch.%s(%s, %s)",
                padded ? "new_zeros" : "new_empty",
                x,
                TorchScript.list(
                    n, windows.rows(), windows.columns(), windows.height(), windows.width(), c)));
    for (WindowTiles.Tile piece : pieces) {
      String from = piece.viewOfMap(x, n, c);
      String to = piece.viewOfWindows(buffer);
      out.let(norm.isEmpty() ? "torch.copy_(" + to + ", " + from + ")" : normed(out, from, to));
    }
    out.result(
        TorchScript.toNchw(
            TorchScript.reshape(buffer, n, windows.count(), windows.positions(), c)));
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
