/**
 * Whole graphs made of parts: a backbone and a head joined, a part cut out, batch normalisation
 * folded away; and what a graph costs and is made of.
 */
package org.mien.model.graph;
