"""Several threads read git's objects through one process, and none gets another's."""

from concurrent.futures import ThreadPoolExecutor

from tests.support.repository import Repository

COUNT = 200


def test_each_thread_gets_what_it_asks_for(repository: Repository) -> None:
    files = {f"{number}.txt": f"{number} " * 3_000 for number in range(COUNT)}
    commit = repository.commit(files)
    listed = repository.edge.run("ls-tree", "-r", commit).decode().splitlines()
    ids = {line.split("\t")[1]: line.split()[2] for line in listed}

    with repository.edge.objects() as objects:

        def told(name: str) -> bool:
            wanted = ids[name]
            data = objects.contents([wanted])[wanted]
            return (objects.sizes([wanted])[wanted], data) == (
                len(files[name]),
                files[name].encode(),
            )

        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(told, [*files, *files]))
