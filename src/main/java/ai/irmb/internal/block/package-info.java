/**
 * The blocks of a network. A block is declared from a YAML layer as its PyTorch constructor would
 * create it, read from a module tree with weights, and computed with the operation set. {@link
 * ai.irmb.internal.block.BlockRegistry} finds blocks by name; applications can add their own.
 */
@NullMarked
package ai.irmb.internal.block;

import org.jspecify.annotations.NullMarked;
