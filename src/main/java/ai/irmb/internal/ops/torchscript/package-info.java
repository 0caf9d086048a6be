/**
 * The compiled interpretation: the blocks write a small graph of {@link
 * ai.irmb.internal.ops.torchscript.Symbol}s, passes improve it, and it is printed as a TorchScript
 * program that the PyTorch engine loads and runs.
 *
 * <table>
 * <caption>An archive is a zip of stored entries</caption>
 * <tr><th>entry</th><th>meaning</th></tr>
 * <tr><td>archive/data.pkl</td><td>a pickled, empty module of the class {@code __torch__.M}</td></tr>
 * <tr><td>archive/constants.pkl</td><td>a pickled empty tuple</td></tr>
 * <tr><td>archive/version</td><td>{@code 6}</td></tr>
 * <tr><td>archive/code/__torch__.py</td><td>the class and its methods</td></tr>
 * </table>
 */
@NullMarked
package ai.irmb.internal.ops.torchscript;

import org.jspecify.annotations.NullMarked;
