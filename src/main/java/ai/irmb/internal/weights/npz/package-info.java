/**
 * A reader of NumPy's {@code .npz} format, a zip of arrays.
 *
 * <table>
 * <caption>Entries</caption>
 * <tr><th>entry</th><th>meaning</th><th>class</th></tr>
 * <tr><td>{@code NAME.npy}</td><td>magic, version, header (a Python dict), elements</td><td>NpzFile</td></tr>
 * </table>
 */
@NullMarked
package ai.irmb.internal.weights.npz;

import org.jspecify.annotations.NullMarked;
