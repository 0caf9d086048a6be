/** How good a model is on labelled images, by upstream's own rules. */
@org.jspecify.annotations.NullMarked
package ai.irmb.internal.validate;
