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
record ToWindows(List<Weight> norm) implements Step {
  @Override
  public void print(Statement out) {
    Windows windows = requireNonNull(out.symbol().windows(), "windows");
    Symbol source = out.symbol().inputs().get(0);
    int n = source.size(0);
    int c = source.size(1);
    String x = out.let(Code.channelsInnermost(out.input(0)));
    List<WindowPieces.Piece> pieces = WindowPieces.of(windows, source.size(2), source.size(3));
    boolean padded = !pieces.get(0).fills(windows);
    String buffer =
        out.let(
            Code.fill(
                "torch.%s(%s, %s)",
                padded ? "new_zeros" : "new_empty",
                x,
                Code.list(
                    n, windows.rows(), windows.columns(), windows.height(), windows.width(), c)));
    for (WindowPieces.Piece piece : pieces) {
      String from = piece.ofMap(x, n, c);
      String to = piece.ofWindows(buffer);
      out.let(norm.isEmpty() ? "torch.copy_(" + to + ", " + from + ")" : normed(out, from, to));
    }
    out.result(
        Code.channelsSecond(Code.reshape(buffer, n, windows.count(), windows.positions(), c)));
  }

  private String normed(Statement out, String from, String to) {
    return Code.fill(
        "torch.addcmul(%s, %s, %s, value=1, out=%s)",
        out.weight(Preparation.plain(norm.get(1))),
        from,
        out.weight(Preparation.plain(norm.get(0))),
        to);
  }
}
