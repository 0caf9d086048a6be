/**
 * The blocks of a network. Each is declared from a YAML row as its PyTorch constructor would make
 * it, read from a module tree with weights, and runs over the operation set. {@link
 * ai.irmb.internal.block.BlockRegistry} knows them by name; applications add their own.
 */
@NullMarked
package ai.irmb.internal.block;

import org.jspecify.annotations.NullMarked;
