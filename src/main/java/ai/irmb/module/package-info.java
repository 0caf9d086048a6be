/**
 * The tree of modules that a network is made of, without its numbers: what a pickled PyTorch model
 * holds and what a model YAML stands for. Both are read into the same form, so that a network is
 * built in one way only.
 */
@NullMarked
package ai.irmb.module;

import org.jspecify.annotations.NullMarked;
