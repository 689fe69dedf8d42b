/**
 * From a backbone's configuration to a network that ends in a feature vector, without head or loss.
 * Graphs are built here for the ResNets; a network given as a file is only described here.
 */
package org.mien.model.backbone;
