package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.relay.ReachabilityQuestions.Question;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReachabilityQuestionsTest {
    private static final AutoNatSettings SETTINGS = AutoNatSettings.defaults();
    private static final long PAUSE = SETTINGS.serverPause().toNanos();
    private final ReachabilityQuestions questions = new ReachabilityQuestions(SETTINGS);
    private final Multiaddr first = address("/ip4/8.8.8.8/tcp/4001");
    private final Multiaddr second = address("/ip4/8.8.8.8/tcp/4002");

    private static Multiaddr address(String text) {
        try {
            return Multiaddr.parse(text);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static AutoNatServer server(String ip, boolean isVersion2) {
        return new AutoNatServer(PrivateKey.generate().peerId(), address("/ip4/" + ip + "/tcp/4001"), isVersion2);
    }

    private static List<AutoNatServer> servers(int count) {
        List<AutoNatServer> servers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            servers.add(server(i + ".1.1.1", true));
        }
        return servers;
    }

    private void answer(Question question, Reachability reachability, long now) {
        questions.take(question, new AutoNatAnswer(question.addresses().isEmpty() ? null : question.addresses().getFirst(), reachability, ""), now);
    }

    @Test void asManyDifferentServersAreAskedAsVotesAreMissingAndNoMoreAtATimeThanMay() {
        questions.use(List.of(first, second));
        List<Question> asked = questions.next(servers(20), 0);
        assertEquals(SETTINGS.requestsAtOnce(), asked.size());
        assertEquals(3, asked.stream().filter(each -> each.addresses().getFirst().equals(first)).count());
        assertEquals(List.of(first, second), asked.getFirst().addresses(), "the other one for those that cannot dial the first");
        assertEquals(4, asked.stream().map(Question::server).distinct().count());
        assertEquals(List.of(), questions.next(servers(20), 0));
        questions.take(asked.getFirst(), null, 0);
        assertEquals(1, questions.next(servers(20), 0).size(), "who gives no answer makes room for another");
    }

    @Test void neighboursAreNotAskedTogetherAndHaveOneVote() {
        questions.use(List.of(first));
        List<AutoNatServer> sybils = List.of(server("1.1.1.1", true), server("1.1.1.2", true), server("1.1.1.3", true));
        Set<AutoNatServer> heard = new HashSet<>();
        for (int minutes = 0; minutes < 14; minutes++) {
            for (Question question : questions.next(sybils, minutes * PAUSE / 2)) {
                heard.add(question.server());
                answer(question, Reachability.PUBLIC, minutes * PAUSE / 2);
            }
        }
        assertEquals(1, heard.size(), "the others of that network have nothing to add");
        assertEquals(Reachability.UNKNOWN, questions.reachability(Reachability.UNKNOWN));
    }

    @Test void publicWithOnePublicAddressPrivateWhenNothingIsReached() {
        questions.use(List.of(first, second));
        List<AutoNatServer> all = servers(30);
        for (int round = 0; round < 8; round++) {
            questions.next(all, round).forEach(question -> answer(question, Reachability.PRIVATE, 0));
        }
        assertEquals(Reachability.PRIVATE, questions.reachability(Reachability.UNKNOWN));
        Multiaddr third = address("/ip4/8.8.8.8/tcp/4003");
        questions.use(List.of(first, second, third));
        assertEquals(Reachability.PRIVATE, questions.reachability(Reachability.PRIVATE));
        List<AutoNatServer> others = servers(40).subList(30, 40);
        questions.next(others, 9).forEach(question -> answer(question, Reachability.PUBLIC, 9));
        assertEquals(Reachability.PUBLIC, questions.reachability(Reachability.PRIVATE));
        assertEquals(List.of(third), questions.proved());
        assertEquals(new AddressReachability(third, Reachability.PUBLIC, 3, 0), questions.addresses().getLast());
        questions.use(List.of(first, second));
        assertEquals(Reachability.PRIVATE, questions.reachability(Reachability.PUBLIC));
        questions.use(List.of());
        assertEquals(Reachability.PRIVATE, questions.reachability(Reachability.PRIVATE), "behind a NAT addresses come and go");
        assertEquals(Reachability.UNKNOWN, questions.reachability(Reachability.PUBLIC));
    }

    @Test void olderServersAreAskedAboutAllAndOthersOnlyWhenThereIsNoAddress() {
        questions.use(List.of(first));
        AutoNatServer old = server("9.9.9.9", false);
        assertEquals(List.of(new Question(old, List.of())), questions.next(List.of(old), 0));
        ReachabilityQuestions homeless = new ReachabilityQuestions(SETTINGS);
        assertTrue(homeless.next(servers(3), 0).stream().allMatch(question -> question.addresses().isEmpty()));
        homeless.makeOld(0);
        List<Question> asked = homeless.next(servers(3), 0);
        assertEquals(0, asked.size(), "three are open");
    }

    @Test void versionTwoCountsForMoreThanVersionOne() {
        questions.use(List.of(first));
        List<AutoNatServer> old = List.of(server("11.1.1.1", false), server("12.1.1.1", false), server("13.1.1.1", false));
        questions.next(old, 0).forEach(question -> answer(question, Reachability.PUBLIC, 0));
        assertEquals(Reachability.PUBLIC, questions.reachability(Reachability.UNKNOWN));
        questions.next(servers(3), 0).forEach(question -> answer(question, Reachability.PRIVATE, 0));
        assertEquals(Reachability.PRIVATE, questions.reachability(Reachability.PUBLIC), "who says that it has dialled has to prove it");
    }

    @Test void sameServerIsNotAskedSoonAgain() {
        questions.use(List.of(first));
        List<AutoNatServer> one = servers(1);
        questions.take(questions.next(one, 0).getFirst(), null, 0);
        assertEquals(List.of(), questions.next(one, PAUSE - 1));
        assertEquals(1, questions.next(one, PAUSE).size());
        questions.makeOld(PAUSE);
        assertEquals(1, questions.next(one, PAUSE + 1).size(), "unless somebody knows a reason");
    }

    @Test void onlySoManyAddressesAreAskedAbout() {
        List<Multiaddr> many = new ArrayList<>();
        for (int i = 1; i < 100; i++) {
            many.add(address("/ip4/8.8.8.8/tcp/" + i));
        }
        questions.use(many);
        assertEquals(ReachabilityQuestions.MAXIMUM_ADDRESSES, questions.addresses().size());
        assertEquals(ReachabilityQuestions.MAXIMUM_ASKED_ABOUT, questions.next(servers(1), 0).getFirst().addresses().size());
    }

    @Test void addressThatServersWouldNotDialIsLeftAlone() {
        questions.use(List.of(first, second));
        int aboutFirst = 0;
        for (AutoNatServer server : servers(20)) {
            for (Question question : questions.next(List.of(server), 0)) {
                aboutFirst += question.addresses().getFirst().equals(first) ? 1 : 0;
                questions.take(question, new AutoNatAnswer(second, Reachability.PUBLIC, ""), 0);
            }
        }
        assertEquals(ReachabilityVotes.MAXIMUM_REFUSALS, aboutFirst);
        assertEquals(Reachability.PUBLIC, questions.addresses().getLast().reachability());
        assertEquals(Reachability.PUBLIC, questions.reachability(Reachability.UNKNOWN));
    }
}
