package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.dht.Simulation.Figures;
import adit.dht.Simulation.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Look-ups in a network of 120 nodes; docs/dht-simulation.md has the figures of larger ones. */
@Timeout(120)
class SimulationTest {
    private static final int SIZE = 120;

    private static Figures with(int percent, Kind... kinds) {
        Simulation simulation = new Simulation(SIZE, 1);
        simulation.spoil(percent, kinds);
        return simulation.measure(100);
    }

    @Test void everybodyIsFoundInAHealthyNetwork() {
        Figures figures = with(0);
        assertEquals(100, figures.success(), figures::toString);
        assertTrue(figures.meanHops() <= 3, figures::toString);
    }

    @Test void sameSeedGivesTheSameFigures() {
        assertEquals(with(10, Kind.DEAD), with(10, Kind.DEAD));
    }

    @Test void threeOfTenDeadPeersHideNobody() {
        Figures figures = with(30, Kind.DEAD);
        assertTrue(figures.success() >= 99, figures::toString);
    }

    @Test void oneHostilePeerInFiveHidesHardlyAnybody() {
        Figures figures = with(20, Kind.LIAR, Kind.SELFISH, Kind.SILENT);
        assertTrue(figures.success() >= 98, figures::toString);
    }

    @Test void peerSurroundedBySybilsOfTwoNeighbourhoodsIsFound() {
        Figures figures = Simulation.surrounded(SIZE, 1, 2, false);
        assertTrue(figures.success() >= 95, figures::toString);
    }

    @Test void sybilsOfTwentyNeighbourhoodsDoNotHideWhomOthersKnow() {
        Figures figures = Simulation.surrounded(SIZE, 1, 20, false);
        assertTrue(figures.success() >= 95, figures::toString);
    }

    @Test void peerThatComesToSybilsOfTwentyNeighbourhoodsIsFound() {
        Figures figures = Simulation.surrounded(SIZE, 1, 20, true);
        assertTrue(figures.success() >= 95, figures::toString);
    }
}
